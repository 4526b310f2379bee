import stringWidth from 'string-width';
import type {Path} from '../../model/index.js';
import type {Row, Table} from '../../rows/table.js';
import {replyFacts, type TraceFacts, traceTable} from '../../rows/trace.js';
import {memo} from './memo.js';
import {shownPath} from './selected.js';
import type {FlowState, TraceRun} from './state.js';

/** What the table of a trace is made of: while it runs the hops alone. null: none is shown. */
export function traceFacts(flow: FlowState): TraceFacts | null {
	const {trace, reply} = flow;
	if (!trace || trace.outcome.kind === 'failed') return null;
	const path = shownPath(flow);
	if (trace.outcome.kind === 'running') return path && unseen(path);
	return reply ? back(trace.outcome.proof) : trace.outcome.proof;
}

/** Its rows; of hops that the request has not come to yet the name alone. In a narrow pane the column WHERE gives way. */
export const tracedTable = memo((facts: TraceFacts, outcome: TraceRun['outcome'], narrow: boolean): Table => {
	const table = full(facts, narrow);
	const seen = outcome.kind === 'done' ? outcome.travelled : 0;
	if (seen === null) return table;
	const names = table.columns.findIndex(({title}) => title === 'HOP');
	return {...table, rows: table.rows.map((row, index) => (index < seen ? row : named(row, names)))};
});

const full = memo((facts: TraceFacts, narrow: boolean) => traceTable(facts, {where: !narrow}));
const back = memo(replyFacts);

const unseen = memo(
	(path: Path): TraceFacts => ({
		path,
		observed: [],
		reply: [],
		differs: [],
		latency: {hops: [], reply: [], stages: [], total: null},
		repeated: {request: 0, answer: 0},
	}),
);

/** What is not told yet keeps its room: the columns stay where they are while the request travels. */
function named(row: Row, names: number): Row {
	const blank = (cells: readonly string[]) => cells.map((cell, index) => (index <= names ? cell : ' '.repeat(stringWidth(cell))));
	return {...row, cells: blank(row.cells), ...(row.brief ? {brief: blank(row.brief)} : {}), verdict: 'notReached'};
}
