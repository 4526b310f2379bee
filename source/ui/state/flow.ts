import type {Path} from '../../model/index.js';
import {answerRow} from '../../rows/trace.js';
import type {Action} from './actions.js';
import {emptyList, type ListState} from './list.js';
import {shownPath} from './selected.js';
import type {FlowState} from './state.js';
import {reduceTraced} from './traces.js';

/** The request-flow pane: which request is asked, and what was explained of it. */
export function reduceFlow(flow: FlowState, action: Action): FlowState {
	switch (action.type) {
		case 'asked':
			return {
				...flow,
				request: action.request,
				asking: true,
				explanation: null,
				probe: null,
				usage: null,
				reply: false,
				trace: null,
				list: emptyList,
			};
		case 'askedAgain':
			// What is known stays on the screen until the new path is there.
			return {...flow, asking: true};
		case 'explained':
			if (action.request !== flow.request) return flow;
			return {
				...flow,
				asking: false,
				usage: null,
				explanation: action.explanation,
				// The stand-in of the reading before stays until this one's is known.
				probe: flow.probe && isStandIn(flow.probe) ? flow.probe : action.explanation.probe,
				list: flow.explanation === null ? at(whereToLook(action.explanation.path)) : flow.list,
			};
		case 'planned':
			return action.request === flow.request ? {...flow, probe: action.probe} : flow;
		case 'refused':
			return action.request === flow.request ? {...flow, asking: false, explanation: null, probe: null, usage: action.usage} : flow;
		case 'turned':
			return {...flow, turned: !flow.turned};
		case 'wayBack':
			return wayBack({...flow, reply: !flow.reply});
		default:
			return traced(flow, action);
	}
}

/** With what a trace has shown; at its end the cursor goes where the request died. */
function traced(flow: FlowState, action: Action): FlowState {
	const trace = reduceTraced(flow.trace, action);
	if (trace === flow.trace) return flow;
	const next = {...flow, trace};
	const path = shownPath(next);
	const hasArrived = trace?.outcome.kind === 'done' && trace.outcome.travelled === null;
	if (!hasArrived || path?.verdict !== 'blocked') return next;
	const list = at(path.lost === 'answer' && !flow.reply ? path.hops.length : whereToLook(path));
	return {...next, list: list.index === path.hops.length ? {...list, selected: answerRow} : list};
}

/** Turned to the way back, or from it: with the cursor where that way stops. */
function wayBack(flow: FlowState): FlowState {
	const path = shownPath(flow);
	return {...flow, list: path ? at(whereToLook(path)) : emptyList};
}

/** The cursor on this hop, wherever its row is. */
function at(hop: number): ListState {
	return {...emptyList, selected: String(hop), index: hop};
}

function isStandIn(probe: NonNullable<FlowState['probe']>): boolean {
	return !('whyNot' in probe) && probe.standsInFor !== null;
}

/** Where a person will look first: the hop that stops the request, else the first that could not be told, else the first. */
function whereToLook(path: Path): number {
	const open = path.verdict === 'undetermined' ? path.hops.findIndex(hop => hop.verdict === 'undetermined') : 0;
	return path.blockedAt ?? Math.max(0, open);
}
