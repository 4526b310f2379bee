import type {Action} from './actions.js';
import {type DetailsState, tabs} from './state.js';

/** The pane of the selected hop's details: its tab, its scroll and whether it is drawn large. */
export function reduceDetails(details: DetailsState, action: Action): DetailsState {
	switch (action.type) {
		case 'tabTurned':
			return {...details, tab: (details.tab + action.by + tabs.length) % tabs.length, top: 0};
		case 'zoomed':
			return {...details, zoomed: action.zoomed, top: 0};
		case 'paneChosen':
		case 'asked':
			return {...details, zoomed: false, top: 0};
		default:
			return details;
	}
}
