import type {Container, Snapshot, Verdict} from '../../model/index.js';
import {containerRows} from '../../rows/containers.js';
import {engineOf} from '../../rows/inventory.js';
import type {Row, Table} from '../../rows/table.js';
import {memo} from './memo.js';

/** The containers of a network with a mark for their state; in a narrow pane the state stands in place of the address, which a stopped one has not. */
export const containerTable = memo((snapshot: Snapshot, network: string | null, narrow: boolean): Table => {
	const byId = new Map(engineOf(snapshot).containers.map(container => [container.id, container]));
	const table = containerRows(snapshot, network);
	const marked = {...table, rows: table.rows.map(row => ({...row, verdict: verdictOf(byId.get(row.id))}))};
	return narrow ? withoutState(marked) : marked;
});

function withoutState({columns, rows}: Table): Table {
	const state = columns.findIndex(({title}) => title === 'STATE');
	const address = columns.findIndex(({title}) => title === 'ADDRESS');
	if (state < 0 || address < 0) return {columns, rows};
	const cells = (row: Row) =>
		row.cells.map((cell, index) => (index === address && row.cells[state] !== 'running' ? (row.cells[state] ?? '') : cell));
	return {
		// Ports are numbers: what is short of width is taken from names and addresses first.
		columns: columns.map(column => (column.title === 'ADDRESS' ? {...column, shrink: 3} : column)).toSpliced(state, 1),
		rows: rows.map(row => ({...row, cells: cells(row).toSpliced(state, 1), ...(row.brief && {brief: row.brief.toSpliced(state, 1)})})),
	};
}

/** What a request to it would meet: a process that can run, one that cannot, or none. */
function verdictOf(container: Container | undefined): Verdict {
	if (container?.state === 'running') return container.health === 'unhealthy' ? 'blocks' : 'passes';
	return container?.state === 'exited' || container?.state === 'created' ? 'notReached' : 'blocks';
}
