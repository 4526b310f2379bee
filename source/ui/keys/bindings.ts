import {isRunning, isTracing, selectedContainer, shownPath} from '../state/selected.js';
import type {State} from '../state/state.js';

export type KeyAction =
	| 'up'
	| 'down'
	| 'pageUp'
	| 'pageDown'
	| 'first'
	| 'last'
	| 'paneLeft'
	| 'paneRight'
	| 'networks'
	| 'containers'
	| 'flow'
	| 'probes'
	| 'open'
	| 'back'
	| 'requests'
	| 'goto'
	| 'probe'
	| 'probeHere'
	| 'trace'
	| 'tabBefore'
	| 'tabAfter'
	| 'wayBack'
	| 'findings'
	| 'turn'
	| 'nextBlock'
	| 'previousBlock'
	| 'filter'
	| 'reread'
	| 'copyCommand'
	| 'copyPath'
	| 'help'
	| 'shell'
	| 'record'
	| 'suspend'
	| 'quit'
	| 'quitLeaving';

/** One key (or several for the same thing), what it does and the words for it. */
export interface Binding {
	keys: readonly string[];
	/** As people read it. */
	shown: string;
	action: KeyAction;
	words: string;
	/** In few words for the footer; absent: not in the footer. */
	short?: string;
	/** Why it does nothing just now; null: it does. */
	whyNot?: (state: State) => string | null;
}

/** Every key of the panes, in the order of the footer. Footer, help and the README's table are made of it. */
export const bindings: readonly Binding[] = [
	{keys: ['up', 'k'], shown: '↑ k', action: 'up', words: 'one row up'},
	{keys: ['down', 'j'], shown: '↓ j', action: 'down', words: 'one row down; in the flow: one hop along the request'},
	{keys: ['pageup'], shown: 'PgUp', action: 'pageUp', words: 'one page up'},
	{keys: ['pagedown'], shown: 'PgDn', action: 'pageDown', words: 'one page down'},
	{keys: ['g', 'home'], shown: 'g', action: 'first', words: 'first row'},
	{keys: ['G', 'end'], shown: 'G', action: 'last', words: 'last row'},
	{keys: ['left', 'h'], shown: '← h', action: 'paneLeft', words: 'pane before'},
	{keys: ['right', 'l', 'tab'], shown: '→ l tab', action: 'paneRight', words: 'next pane', short: 'pane'},
	{keys: ['1'], shown: '1', action: 'networks', words: 'networks'},
	{keys: ['2'], shown: '2', action: 'containers', words: 'containers'},
	{keys: ['3'], shown: '3', action: 'flow', words: 'request flow'},
	{keys: ['4'], shown: '4', action: 'probes', words: 'probes'},
	{
		keys: ['enter'],
		shown: '⏎',
		action: 'open',
		words: "open: a network's containers, a container's flow; in the flow: the hop's details, large",
		short: 'open',
	},
	{keys: ['escape'], shown: 'esc', action: 'back', words: 'back; drops a filter; from a trace to the explanation'},
	{keys: ['o'], shown: 'o', action: 'requests', words: 'menu of the requests to this port', short: 'request', whyNot: needsContainer},
	{keys: [':'], shown: ':', action: 'goto', words: 'ask for TARGET [from ORIGIN]', short: 'go to'},
	{
		keys: ['d'],
		shown: 'd',
		action: 'findings',
		words: 'findings on this path: why it stops, and what to do',
		short: 'why',
		whyNot: needsFindings,
	},
	{keys: ['p'], shown: 'p', action: 'probe', words: 'send this request for real; again: cancel', short: 'probe', whyNot: whyNoProbe},
	{
		keys: ['t'],
		shown: 't',
		action: 'trace',
		words: 'trace this request: what the kernel does with it at every hop; again: cancel, or repeat and compare',
		short: 'trace',
		whyNot: whyNoTrace,
	},
	{keys: ['P'], shown: 'P', action: 'probeHere', words: 'send a request right at this hop', short: 'probe here', whyNot: whyNoRequest},
	{keys: ['['], shown: '[', action: 'tabBefore', words: "tab before of the hop's details", whyNot: needsPath},
	{keys: [']'], shown: ']', action: 'tabAfter', words: "next tab of the hop's details: Hop, Evidence, Rules, Trace", whyNot: needsPath},
	{keys: ['n'], shown: 'n', action: 'nextBlock', words: 'next hop that blocks', whyNot: needsPath},
	{keys: ['N'], shown: 'N', action: 'previousBlock', words: 'hop before that blocks', whyNot: needsPath},
	{
		keys: ['b'],
		shown: 'b',
		action: 'wayBack',
		words: "the answer's way back, and the request again",
		short: 'way back',
		whyNot: needsReply,
	},
	{keys: ['v'], shown: 'v', action: 'turn', words: 'turn the table round: process on top', whyNot: needsPath},
	{keys: ['/'], shown: '/', action: 'filter', words: 'filter the rows of this pane; ! in front inverts', short: 'filter'},
	{
		keys: ['r'],
		shown: 'r',
		action: 'reread',
		words: 'read everything again',
		whyNot: s => (s.session.kind === 'live' ? null : 'a recording does not change'),
	},
	{
		keys: ['s'],
		shown: 's',
		action: 'shell',
		words: "a shell in this container's network namespace, with the host's programs (as root)",
		short: 'shell',
		whyNot: whyNoShell,
	},
	{keys: ['y'], shown: 'y', action: 'copyCommand', words: 'copy the command that shows this fact', whyNot: needsPath},
	{keys: ['Y'], shown: 'Y', action: 'copyPath', words: 'copy the path as text', whyNot: needsPath},
	{
		keys: ['w'],
		shown: 'w',
		action: 'record',
		words: 'write a recording: what can be read now and the traces so far, into a new file of the folder that dockhop was started in',
		whyNot: s => (s.session.kind === 'live' ? needsSnapshot(s) : 'this is a recording already'),
	},
	{keys: ['?'], shown: '?', action: 'help', words: 'this help', short: 'help'},
	{keys: ['ctrl-z'], shown: 'ctrl-z', action: 'suspend', words: 'back to the shell; fg returns'},
	{keys: ['q'], shown: 'q', action: 'quit', words: 'quit (ctrl-c as well)', short: 'quit'},
	{keys: ['Q'], shown: 'Q', action: 'quitLeaving', words: 'quit and leave the path in the scrollback'},
];

/** Key name → binding. */
export const bindingOf: ReadonlyMap<string, Binding> = new Map(bindings.flatMap(binding => binding.keys.map(key => [key, binding])));

function needsSnapshot(state: State): string | null {
	return state.session.snapshot?.engine.read ? null : 'nothing is read yet';
}

function needsContainer(state: State): string | null {
	return needsSnapshot(state) ?? (selectedContainer(state) ? null : 'no container is selected');
}

function whyNoShell(state: State): string | null {
	const {kind, snapshot} = state.session;
	const container = selectedContainer(state);
	if (!container) return needsContainer(state);
	if (kind !== 'live') return 'a recording has no network namespace to enter';
	if (container.pid === null) return `${container.name} is not running: it has no network namespace`;
	if (snapshot?.vantage.kind === 'root') return null;
	return snapshot?.vantage.kind === 'user'
		? 'only root may enter its network namespace: sudo dockhop'
		: `no shell there: ${snapshot?.vantage.words}`;
}

function needsPath(state: State): string | null {
	return shownPath(state.flow) ? null : 'no request is shown yet';
}

function needsReply(state: State): string | null {
	return needsPath(state) ?? (state.flow.explanation?.path.reply ? null : 'the way back of this request is not known');
}

function needsFindings(state: State): string | null {
	return needsPath(state) ?? (state.flow.explanation?.path.findings.length ? null : 'nothing was found on this path');
}

function whyNoRequest(state: State): string | null {
	return isRunning(state) ? null : (state.session.whyNoProbe ?? needsPath(state));
}

function whyNoProbe(state: State): string | null {
	const {probe} = state.flow;
	return whyNoRequest(state) ?? (!isRunning(state) && probe && 'whyNot' in probe ? probe.whyNot : null);
}

function whyNoTrace(state: State): string | null {
	if (isTracing(state)) return null;
	const {kind, snapshot} = state.session;
	const none = kind !== 'live' && snapshot && !snapshot.traces?.length;
	return none ? 'the recording holds no trace (dockhop record FILE --trace TARGET)' : needsPath(state);
}
