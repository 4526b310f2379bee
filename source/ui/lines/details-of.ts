import {answerRow} from '../../rows/trace.js';
import {clientAwaited, selectedHopIndex, selectedProbe, shownPath} from '../state/selected.js';
import type {State} from '../state/state.js';
import {traceFacts} from '../state/trace-table.js';
import {boxView, type DetailsView, hopView, probeView} from './details-view.js';
import {answerView, waitingView} from './trace-view.js';

/** The details beside the lists: of the hop under the cursor, or of the probe while the probes have the keys. */
export function detailsOf(state: State, width: number): DetailsView {
	if (state.pane === 'probes') return probeView(selectedProbe(state), width);
	const awaited = clientAwaited(state);
	if (awaited) return waitingView(awaited, width);
	const {flow, details} = state;
	const {trace} = flow;
	if (trace && flow.list.selected === answerRow) return answerView(trace, width);
	const shown = {path: shownPath(flow), index: selectedHopIndex(state), tab: details.tab, large: details.zoomed};
	return hopView({...shown, trace, facts: traceFacts(flow)}, width);
}

/** The box under the lists: of the network under the cursor while the networks have the keys, else of the container. */
export function boxOf({session, pane, networks, containers}: State, width: number): DetailsView {
	const network = pane === 'networks' || containers.selected === null;
	return boxView(session.snapshot, network ? 'network' : 'container', network ? networks.selected : containers.selected, width);
}
