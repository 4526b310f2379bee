import type {Pane} from '../layout.js';
import {panes} from '../layout.js';
import type {Action} from './actions.js';
import {reduceDetails} from './details.js';
import {reduceFlow} from './flow.js';
import {type ListState, moveList, selectId, settleList} from './list.js';
import {reduceMode} from './mode.js';
import {reduceProbes} from './probes.js';
import type {State} from './state.js';
import {listHeight, tableOfPane} from './view.js';

/** The state after an action. Afterwards every list has a cursor on a row that is there. */
export function reduce(state: State, action: Action): State {
	const {flow, probes, mode, details} = state;
	const next: State = {
		...state,
		...rootChange(state, action),
		flow: reduceFlow(flow, action),
		probes: reduceProbes(probes, action),
		mode: reduceMode(mode, action),
		details: reduceDetails(details, action),
	};
	return settled(withFilter(moved(next, action)));
}

function rootChange({session, filters, pane, note}: State, action: Action): Partial<State> {
	switch (action.type) {
		case 'resized':
			return {size: action.size};
		case 'sessionChanged':
			return {session: {...session, ...action.session}};
		case 'paneChosen':
			return {pane: action.pane, note: null};
		case 'asked':
			return {pane: 'flow', note: null, filters: {...filters, flow: ''}};
		case 'filterSet':
			return {filters: {...filters, [pane]: action.value}};
		case 'noted':
			return {note: action.note};
		default:
			// What a note said is read by the time of the next key.
			return note === null || action.type === 'probeTicked' ? {} : {note: null};
	}
}

/** Moves the cursor of the pane that has the keys. */
function moved(state: State, action: Action): State {
	if (action.type !== 'moved' && action.type !== 'rowChosen') return state;
	const pane = action.type === 'moved' ? state.pane : action.pane;
	const ids = idsOf(state, pane);
	const height = listHeight(state, pane);
	const list = listOf(state, pane);
	return withList(state, pane, action.type === 'moved' ? moveList(list, action.move, ids, height) : selectId(list, action.id, ids, height));
}

/** What is typed into the filter's line narrows the rows at once. */
function withFilter(state: State): State {
	const {mode, filters, pane} = state;
	if (mode.kind !== 'text' || mode.purpose !== 'filter' || filters[pane] === mode.field.value) return state;
	return {...state, filters: {...filters, [pane]: mode.field.value}};
}

/** In the order of the panes: the network under the cursor decides which containers there are. */
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
