import type {Action} from './actions.js';
import type {Mode} from './state.js';
import {editText} from './text-field.js';

/** Who owns the keys: a menu, a text field, the help, or the panes. */
export function reduceMode(mode: Mode, action: Action): Mode {
	switch (action.type) {
		case 'modeChanged':
			return action.mode;
		case 'asked':
		case 'traceAgreed':
			return {kind: 'pane'};
		case 'edited':
			return mode.kind === 'text' ? {...mode, field: editText(mode.field, action.edit), error: null} : mode;
		case 'textRefused':
			return mode.kind === 'text' ? {...mode, error: action.error} : mode;
		default:
			return mode;
	}
}
