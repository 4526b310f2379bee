import type {Path, Snapshot} from '../../model/index.js';
import {hopRows} from '../../rows/hops.js';
import {engineOf} from '../../rows/inventory.js';
import {networkRows} from '../../rows/networks.js';
import type {Table} from '../../rows/table.js';
import {type Layout, layoutOf, type Pane} from '../layout.js';
import {containerTable} from './container-table.js';
import {filterRows} from './filter.js';
import {memo} from './memo.js';
import {probeTable} from './probe-table.js';
import {allNetworks, shownPath, shownTrace} from './selected.js';
import type {State} from './state.js';
import {tracedTable, traceFacts} from './trace-table.js';

/** The rows of a pane as they are drawn: filtered, turned round. The same state gives the same value. */
export function tableOfPane(state: State, pane: Pane): Table {
	return tables[pane](state);
}

export function networksTable({session: {snapshot}, filters}: State): Table {
	return filteredNetworks(allNetworkRows(snapshot), filters.networks);
}

export function containersTable(state: State): Table {
	const {snapshot} = state.session;
	if (!snapshot?.engine.read) return nothing;
	const narrow = (layout(state).boxes.containers?.width ?? 0) < 64;
	return filteredContainers(containerTable(snapshot, state.narrowed, narrow), state.filters.containers);
}

export function flowTable(state: State): Table {
	const {flow, filters} = state;
	const facts = traceFacts(flow);
	if (!facts || !flow.trace) return filteredHops(hopsOf(shownPath(flow), flow.turned), filters.flow);
	const narrow = (layout(state).boxes.flow?.width ?? 0) < 100;
	return filteredHops(turnedTable(tracedTable(facts, flow.trace.outcome, narrow), flow.turned), filters.flow);
}

export function probesTable({probes, filters}: State): Table {
	return filteredProbes(probeTable(probes.runs), filters.probes);
}

/** How the screen is divided for this state. */
export function layout({size, pane, details, flow, session: {snapshot}}: State): Layout {
	const networks = snapshot ? engineOf(snapshot).networks.length + 1 : 5;
	// A trace has a row for the answer, too.
	const hops = (shownPath(flow)?.hops.length ?? 10) + (shownTrace(flow) ? 1 : 0);
	return layoutFor(size, pane, details.zoomed, networks, hops);
}

/** Rows of a pane's list that are visible: without frame, column titles and, where one is set, the line of the filter. */
export function listHeight(state: State, pane: Pane): number {
	return Math.max(1, (layout(state).boxes[pane]?.height ?? 0) - 3);
}

const tables: Record<Pane, (state: State) => Table> = {
	networks: networksTable,
	containers: containersTable,
	flow: flowTable,
	probes: probesTable,
};

const layoutFor = memo((size: State['size'], pane: Pane, zoomed: boolean, networks: number, hops: number) =>
	layoutOf(size, {pane, zoomed, networks, hops}),
);

const allNetworkRows = memo((snapshot: Snapshot | null): Table => {
	if (!snapshot?.engine.read) return nothing;
	const {columns, rows} = networkRows(snapshot);
	const all = columns.map((_, index) =>
		index === 0 ? 'all' : index === columns.length - 1 ? String(engineOf(snapshot).containers.length) : '',
	);
	return {columns, rows: [{id: allNetworks, cells: all, verdict: null}, ...rows]};
});

const hopsOf = memo((path: Path | null, turned: boolean): Table => {
	if (!path) return nothing;
	return turnedTable(hopRows(path), turned);
});

const turnedTable = memo((table: Table, turned: boolean): Table => (turned ? {...table, rows: table.rows.toReversed()} : table));

function filtered(): (table: Table, filter: string) => Table {
	return memo((table: Table, filter: string) => (filter === '' ? table : {...table, rows: [...filterRows(table.rows, filter)]}));
}

const filteredNetworks = filtered();
const filteredContainers = filtered();
const filteredHops = filtered();
const filteredProbes = filtered();
const nothing: Table = {columns: [], rows: []};
