import type {State} from '../state/state.js';
import type {Intent} from './intent.js';

/** Nothing could be read yet, and the engine does not answer: a screen of its own says what was tried. */
export function hasNoEngine({session: {snapshot, link}}: State): boolean {
	return link.kind === 'lost' && !snapshot?.engine.read;
}

/** What can be done then, as a menu. */
export function noEngineChoices({session: {canDemo}}: State): {label: string; intent: Intent}[] {
	return [
		{label: 'Try again (r)', intent: [{type: 'refresh'}]},
		...(canDemo ? [{label: 'Look at the demo recording', intent: [{type: 'demo'} as const]}] : []),
		{label: 'Quit (q)', intent: [{type: 'quit', leave: null, code: 4}]},
	];
}
