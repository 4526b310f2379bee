import type {Snapshot} from '../../model/index.js';
import {engineOf} from '../../rows/inventory.js';
import type {Pane} from '../layout.js';
import {panes} from '../layout.js';
import {detailsOf} from '../lines/details-of.js';
import type {Action} from './actions.js';
import {reduceDetails} from './details.js';
import {reduceFlow} from './flow.js';
import {emptyList, type ListState, type Move, moveList, selectId, settleList} from './list.js';
import {reduceMode} from './mode.js';
import {reduceProbes} from './probes.js';
import type {State} from './state.js';
import {reduceTraces} from './traces.js';
import {layout, listHeight, tableOfPane} from './view.js';

/** The state after an action. Afterwards every list has a cursor on a row that is there. */
export function reduce(state: State, action: Action): State {
	const {flow, probes, mode, details} = state;
	const next: State = {
		...state,
		...rootChange(state, action),
		flow: reduceFlow(flow, action),
		probes: reduceProbes(probes, action),
		traces: reduceTraces(state.traces, action),
		mode: reduceMode(mode, action),
		details: reduceDetails(details, action),
	};
	return settled(withFilter(moved(atTarget(next, action), action)));
}

function rootChange({session, filters, pane, note, narrowed, containers}: State, action: Action): Partial<State> {
	switch (action.type) {
		case 'resized':
			return {size: action.size};
		case 'paneChosen':
			return {pane: action.pane, note: null};
		case 'narrowed':
			return {pane: 'containers', narrowed: action.network, containers: {...emptyList, selected: containers.selected}, note: null};
		case 'sessionChanged':
			return {session: {...session, ...action.session}, narrowed: stillThere(narrowed, action.session.snapshot)};
		case 'asked':
			return {pane: 'flow', note: null, filters: {...filters, flow: ''}};
		case 'filterSet':
			return {filters: {...filters, [pane]: action.value}};
		case 'choiceMoved':
			return {choice: action.index};
		case 'noted':
			return {note: action.note};
		default:
			// What a note said is read by the time of the next key.
			return note === null || ticking.has(action.type) ? {} : {note: null};
	}
}

/** What time alone brings is no answer to a key. */
const ticking: ReadonlySet<Action['type']> = new Set(['probeTicked', 'traceTicked', 'traceTravelled']);

/** A network that is gone narrows nothing. */
function stillThere(network: string | null, snapshot: Snapshot | null): string | null {
	return snapshot && engineOf(snapshot).networks.some(({id}) => id === network) ? network : null;
}

/** The cursor of the containers goes to the one that is asked, so that the box beside the flow tells about it. */
function atTarget(state: State, action: Action): State {
	if (action.type !== 'asked' || action.request.target.kind !== 'container') return state;
	const {name} = action.request.target;
	const {snapshot} = state.session;
	const found = snapshot && engineOf(snapshot).containers.find(container => container.name === name);
	return found ? {...state, containers: {...state.containers, selected: found.id}} : state;
}

/** Moves the cursor of the pane that has the keys. */
function moved(state: State, action: Action): State {
	if (action.type !== 'moved' && action.type !== 'rowChosen') return state;
	if (action.type === 'moved' && state.details.zoomed) return scrolled(state, action.move);
	const pane = action.type === 'moved' ? state.pane : action.pane;
	const ids = idsOf(state, pane);
	const height = listHeight(state, pane);
	const list = listOf(state, pane);
	const at = {...state, details: {...state.details, top: 0}};
	return withList(at, pane, action.type === 'moved' ? moveList(list, action.move, ids, height) : selectId(list, action.id, ids, height));
}

/** Details that are drawn large scroll by their lines. */
function scrolled(state: State, move: Move): State {
	const {boxes} = layout(state);
	const box = boxes.details ?? boxes.box;
	if (!box) return state;
	const count = detailsOf(state, box.width).lines.length;
	const page = Math.max(1, box.height - 3);
	const by = {up: -1, down: 1, pageUp: -page, pageDown: page, first: -count, last: count}[move];
	const top = Math.max(0, Math.min(state.details.top + by, count - box.height + 2));
	return {...state, details: {...state.details, top}};
}

/** What is typed into the filter's line narrows the rows at once. */
function withFilter(state: State): State {
	const {mode, filters, pane} = state;
	if (mode.kind !== 'text' || mode.purpose !== 'filter' || filters[pane] === mode.field.value) return state;
	return {...state, filters: {...filters, [pane]: mode.field.value}};
}

function settled(state: State): State {
	return panes.reduce((so, pane) => withList(so, pane, settleList(listOf(so, pane), idsOf(so, pane), listHeight(so, pane))), state);
}

function idsOf(state: State, pane: Pane): string[] {
	return tableOfPane(state, pane).rows.map(row => row.id);
}

function listOf(state: State, pane: Pane): ListState {
	return pane === 'flow' || pane === 'probes' ? state[pane].list : state[pane];
}

function withList(state: State, pane: Pane, list: ListState): State {
	if (listOf(state, pane) === list) return state;
	if (pane === 'flow') return {...state, flow: {...state.flow, list}};
	if (pane === 'probes') return {...state, probes: {...state.probes, list}};
	return {...state, [pane]: list};
}
