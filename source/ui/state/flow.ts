import type {Action} from './actions.js';
import {emptyList} from './list.js';
import type {FlowState} from './state.js';

/** The request-flow pane: which request is asked, and what was explained of it. */
export function reduceFlow(flow: FlowState, action: Action): FlowState {
	switch (action.type) {
		case 'asked':
			// The same request again (a new reading): what is known stays on the screen until the new path is there.
			if (action.request === flow.request) return {...flow, asking: true};
			return {...flow, request: action.request, asking: true, explanation: null, usage: null, reply: false, list: emptyList};
		case 'explained':
			if (action.request !== flow.request) return flow;
			return {
				...flow,
				asking: false,
				usage: null,
				explanation: action.explanation,
				list: flow.explanation === null ? {...emptyList, index: whereToLook(action.explanation)} : flow.list,
			};
		case 'refused':
			return action.request === flow.request ? {...flow, asking: false, explanation: null, usage: action.usage} : flow;
		case 'turned':
			return {...flow, turned: !flow.turned};
		case 'wayBack':
			return {...flow, reply: !flow.reply, list: emptyList};
		default:
			return flow;
	}
}

/** Where a person will look first: the hop that stops the request, else the first that could not be told, else the first. */
function whereToLook({path}: NonNullable<FlowState['explanation']>): number {
	return (
		path.blockedAt ??
		Math.max(
			0,
			path.hops.findIndex(hop => hop.verdict === 'undetermined'),
		)
	);
}
