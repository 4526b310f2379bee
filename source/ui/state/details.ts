import type {Action} from './actions.js';
import {type DetailsState, tabs, traceTab} from './state.js';

/** The pane of the selected hop's details: its tab, its scroll and whether it is drawn large. */
export function reduceDetails(details: DetailsState, action: Action): DetailsState {
	switch (action.type) {
		case 'tabTurned':
			return {...details, tab: (details.tab + action.by + tabs.length) % tabs.length, top: 0};
		case 'zoomed':
			return {...details, zoomed: action.zoomed, top: 0};
		case 'traceStarted':
			return {...details, tab: traceTab, top: 0};
		case 'traceLeft':
			return {...details, tab: 0, top: 0};
		case 'asked':
			return {tab: details.tab === traceTab ? 0 : details.tab, zoomed: false, top: 0};
		case 'paneChosen':
			return {...details, zoomed: false, top: 0};
		default:
			return details;
	}
}
