import {selectedHopIndex, selectedProbe, shownPath} from '../state/selected.js';
import type {State} from '../state/state.js';
import {boxView, type DetailsView, hopView, probeView} from './details-view.js';

/** The details beside the lists: of the hop under the cursor, or of the probe while the probes have the keys. */
export function detailsOf(state: State, width: number): DetailsView {
	if (state.pane === 'probes') return probeView(selectedProbe(state), width);
	return hopView(shownPath(state.flow), selectedHopIndex(state), state.details.tab, width, state.details.zoomed);
}

/** The box under the lists: of the network under the cursor while the networks have the keys, else of the container. */
export function boxOf({session, pane, networks, containers}: State, width: number): DetailsView {
	const network = pane === 'networks' || containers.selected === null;
	return boxView(session.snapshot, network ? 'network' : 'container', network ? networks.selected : containers.selected, width);
}
