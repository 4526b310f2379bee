import type {FlowRequest} from '../../model/index.js';
import type {Mode, State} from '../state/state.js';
import {layout} from '../state/view.js';
import {bindingOf} from './bindings.js';
import {asking, type Intent, intentOf, tracing} from './intent.js';
import {hasNoEngine, noEngineChoices} from './no-engine.js';
import {textIntent} from './text-intent.js';

/**
 * What a key means: menu before text before panes, one owner at a time. Ctrl-C quits and Ctrl-Z suspends everywhere; `:` opens its line
 * from everywhere, also before anything is read: what is typed behind it must not act as keys.
 */
export function keyIntent(state: State, key: string, family: FlowRequest['family'] = null): Intent {
	if (key === 'ctrl-c') return [{type: 'quit', leave: null, code: 130}];
	if (key === 'ctrl-z') return intentOf(state, 'suspend');
	const {mode} = state;
	if (mode.kind === 'text') {
		const unanswered = key === 'enter' && mode.purpose === 'goto' && hasNoEngine(state);
		return unanswered
			? [{type: 'textRefused', error: 'no engine answers: esc, then r tries again'}]
			: textIntent(mode, key, family, state.session.snapshot);
	}
	if (key === ':') return intentOf(state, 'goto');
	if (mode.kind === 'menu') return menuIntent(state, mode, key);
	if (mode.kind === 'agree') return agreeIntent(state, mode, key);
	if ('top' in mode) return textOverIntent(mode, key);
	if (hasNoEngine(state) && !withoutEngine.includes(key)) return choiceIntent(state, key);
	const binding = bindingOf.get(key);
	// Where the terminal is too small to show it, nothing is done but leaving.
	if (!binding || (layout(state).kind === 'tooSmall' && !leavingKeys.includes(key))) return [];
	const whyNot = binding.whyNot?.(state) ?? null;
	return whyNot === null ? intentOf(state, binding.action) : [{type: 'noted', note: whyNot}];
}

/** Keys of an open menu, those of ink-select-input: arrows go round, digits choose. */
function menuIntent(state: State, mode: Extract<Mode, {kind: 'menu'}>, key: string): Intent {
	if (key === 'escape') return [{type: 'modeChanged', mode: {kind: 'pane'}}];
	const chosen = mode.items[chosenBy(key, mode.index)];
	if (chosen) return [...asking(chosen.request), ...(chosen.anybody ? tracing(state, chosen.request, true) : [])];
	const index = movedBy(key, mode.index, mode.items.length);
	return index === mode.index ? [] : [{type: 'modeChanged', mode: {...mode, index}}];
}

/** The question before the first trace: yes is under the cursor, `t` says it again. */
function agreeIntent({flow}: State, {index: at, anybody}: Extract<Mode, {kind: 'agree'}>, key: string): Intent {
	const chosen = key === 't' ? 0 : key === 'escape' ? 1 : chosenBy(key, at);
	if (chosen === 0 && flow.request) return [{type: 'traceAgreed'}, {type: 'trace', request: flow.request, anybody}];
	if (chosen === 0 || chosen === 1) return [{type: 'modeChanged', mode: {kind: 'pane'}}];
	return [{type: 'modeChanged', mode: {kind: 'agree', index: movedBy(key, at, 2), anybody}}];
}

/** The same for the menu that stands where no engine answers. */
function choiceIntent(state: State, key: string): Intent {
	const choices = noEngineChoices(state);
	const chosen = choices[chosenBy(key, state.choice)];
	if (chosen) return chosen.intent;
	return [{type: 'choiceMoved', index: movedBy(key, state.choice, choices.length)}];
}

function chosenBy(key: string, index: number): number {
	if (key === 'enter') return index;
	return /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
}

function movedBy(key: string, index: number, count: number): number {
	return (index + (steps[key] ?? 0) + count) % count;
}

/** A text over the panes is scrolled, and closed by the key that opened it, too. */
function textOverIntent(mode: Extract<Mode, {top: number}>, key: string): Intent {
	const by = {...steps, pageup: -10, pagedown: 10}[key];
	if (by !== undefined) return [{type: 'modeChanged', mode: {...mode, top: Math.max(0, mode.top + by)}}];
	return leaving.includes(key) ? [{type: 'modeChanged', mode: {kind: 'pane'}}] : [];
}

const steps: Record<string, number> = {up: -1, k: -1, down: 1, j: 1};
const leavingKeys = ['q', 'Q'];
const withoutEngine = ['r', 'q', 'Q', '?'];
const leaving = ['?', 'd', 'escape', 'q', 'enter'];
