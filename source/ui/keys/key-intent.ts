import type {FlowRequest} from '../../model/index.js';
import type {State} from '../state/state.js';
import {bindingOf} from './bindings.js';
import {type Intent, intentOf} from './intent.js';
import {textIntent} from './text-intent.js';

/** What a key means: menu before text before panes, one owner at a time. Ctrl-C quits and Ctrl-Z suspends everywhere. */
export function keyIntent(state: State, key: string, family: FlowRequest['family'] = null): Intent {
	if (key === 'ctrl-c') return [{type: 'quit', leave: null, code: 130}];
	if (key === 'ctrl-z') return intentOf(state, 'suspend');
	const {mode} = state;
	// An open menu reads its own keys; only the way out of it is ours.
	if (mode.kind === 'menu') return key === 'escape' ? [{type: 'modeChanged', mode: {kind: 'pane'}}] : [];
	if (mode.kind === 'text') return textIntent(mode, key, family);
	if (mode.kind === 'help') return helpIntent(mode.top, key);
	const binding = bindingOf.get(key);
	if (!binding || (hasNoEngine(state) && !withoutEngine.includes(binding.action))) return [];
	const whyNot = binding.whyNot?.(state) ?? null;
	return whyNot === null ? intentOf(state, binding.action) : [{type: 'noted', note: whyNot}];
}

/** Nothing could be read yet, and the engine does not answer: a screen of its own says what was tried. */
export function hasNoEngine({session: {snapshot, link}}: State): boolean {
	return link.kind === 'lost' && !snapshot?.engine.read;
}

function helpIntent(top: number, key: string): Intent {
	const by = {up: -1, k: -1, down: 1, j: 1, pageup: -10, pagedown: 10}[key];
	if (by !== undefined) return [{type: 'modeChanged', mode: {kind: 'help', top: Math.max(0, top + by)}}];
	return leaving.includes(key) ? [{type: 'modeChanged', mode: {kind: 'pane'}}] : [];
}

const withoutEngine = ['reread', 'quit', 'quitLeaving', 'help'];
const leaving = ['?', 'escape', 'q', 'enter'];
