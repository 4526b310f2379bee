import {probeCells, probeColumns, probeRow} from '../../rows/probes.js';
import type {Row, Table} from '../../rows/table.js';
import {memo} from './memo.js';
import type {ProbeRun} from './state.js';

/** The probes that were sent as rows, the one under way with its elapsed seconds. */
export const probeTable = memo(
	(runs: readonly ProbeRun[]): Table => ({
		columns: probeColumns,
		rows: runs.map(rowOf),
	}),
);

function rowOf({id, plan, from, traced, startedAt, outcome}: ProbeRun): Row {
	const time = clock(startedAt);
	if (outcome.kind === 'done') return {...probeRow(outcome.result, plan, time, from, traced), id};
	const cells = (...rest: string[]) => probeCells(plan, time, from, rest);
	switch (outcome.kind) {
		case 'running':
			return {id, verdict: null, ...cells('running', `${outcome.seconds} s`, 'p cancels it')};
		case 'cancelled':
			return {id, verdict: null, ...cells('cancelled', '', '')};
		case 'failed':
			return {id, verdict: 'undetermined', ...cells('not sent', '', outcome.why)};
	}
}

/** Local clock time of an ISO time, "22:14:03". */
export function clock(iso: string): string {
	const date = new Date(iso);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0')).join(':');
}
