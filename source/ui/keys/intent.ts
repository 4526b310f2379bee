import type {FlowRequest, Path, ProbePlan} from '../../model/index.js';
import {type Pane, panes} from '../layout.js';
import type {Action} from '../state/actions.js';
import {requestAt} from '../state/probe-here.js';
import {openingRequests, portsOf, requestsTo} from '../state/requests.js';
import {
	allNetworks,
	clientAwaited,
	containerById,
	isRunning,
	isTracing,
	selectedContainer,
	selectedHop,
	selectedHopIndex,
	shownPath,
} from '../state/selected.js';
import type {MenuItem, State} from '../state/state.js';
import {fieldOf} from '../state/text-field.js';
import {flowTable} from '../state/view.js';
import type {KeyAction} from './bindings.js';

/** What only the world outside the state can do. */
export type Effect =
	| {type: 'follow'; request: FlowRequest}
	| {type: 'probe'; plan: ProbePlan}
	| {type: 'probeRequest'; request: FlowRequest}
	| {type: 'cancelProbe'}
	| {type: 'trace'; request: FlowRequest; anybody: boolean}
	| {type: 'cancelTrace'}
	| {type: 'refresh'}
	| {type: 'demo'}
	| {type: 'copy'; text: string; what: string}
	| {type: 'copyPath'; path: Path}
	| {type: 'shell'; container: string; name: string}
	| {type: 'record'}
	| {type: 'suspend'}
	| {type: 'quit'; leave: Path | null; code: number};

/** Changes of the state and effects that a key stands for, in their order. */
export type Intent = readonly (Action | Effect)[];

/** What the key means in this state. Whether it may be pressed (`whyNot`) was asked before. */
export function intentOf(state: State, key: KeyAction): Intent {
	return intents[key](state);
}

/** Asks for a request and shows its flow. */
export function asking(request: FlowRequest): Intent {
	return [
		{type: 'asked', request},
		{type: 'follow', request},
	];
}

const intents: Record<KeyAction, (state: State) => Intent> = {
	up: () => [{type: 'moved', move: 'up'}],
	down: () => [{type: 'moved', move: 'down'}],
	pageUp: () => [{type: 'moved', move: 'pageUp'}],
	pageDown: () => [{type: 'moved', move: 'pageDown'}],
	first: () => [{type: 'moved', move: 'first'}],
	last: () => [{type: 'moved', move: 'last'}],
	paneLeft: state => [{type: 'paneChosen', pane: beside(state.pane, -1)}],
	paneRight: state => [{type: 'paneChosen', pane: beside(state.pane, 1)}],
	networks: () => [{type: 'paneChosen', pane: 'networks'}],
	containers: () => [{type: 'paneChosen', pane: 'containers'}],
	flow: () => [{type: 'paneChosen', pane: 'flow'}],
	probes: () => [{type: 'paneChosen', pane: 'probes'}],
	open,
	back,
	requests: state => {
		const name = selectedContainer(state)?.name ?? '';
		const items = requestsOf(state);
		if (items.length === 0) return [{type: 'noted', note: `${name} publishes and exposes no port: type : and ${name}:PORT`}];
		return menuOrOnly(`Requests to ${name}`, items, true);
	},
	goto: () => [{type: 'modeChanged', mode: {kind: 'text', purpose: 'goto', field: fieldOf(''), before: '', error: null}}],
	probe: state => {
		if (isRunning(state)) return [{type: 'cancelProbe'}];
		const plan = state.flow.probe;
		return plan && !('whyNot' in plan) ? [{type: 'probe', plan}] : [];
	},
	probeHere: state => {
		if (isRunning(state)) return [{type: 'cancelProbe'}];
		const {explanation, request, reply} = state.flow;
		if (!explanation || !request) return [];
		return [{type: 'probeRequest', request: reply ? request : requestAt(explanation.path, selectedHopIndex(state), request)}];
	},
	trace,
	tabBefore: () => [{type: 'tabTurned', by: -1}],
	tabAfter: () => [{type: 'tabTurned', by: 1}],
	wayBack: () => [{type: 'wayBack'}],
	findings: () => [{type: 'modeChanged', mode: {kind: 'findings', top: 0}}],
	turn: () => [{type: 'turned'}],
	nextBlock: state => toBlock(state, 1),
	previousBlock: state => toBlock(state, -1),
	filter: ({pane, filters}) => [
		{type: 'modeChanged', mode: {kind: 'text', purpose: 'filter', field: fieldOf(filters[pane]), before: filters[pane], error: null}},
	],
	reread: () => [{type: 'refresh'}],
	copyCommand: state => {
		const awaited = clientAwaited(state);
		if (awaited?.line) return [{type: 'copy', text: awaited.line, what: awaited.line}];
		const command = selectedHop(state)?.command || selectedHop(state)?.evidence.find(fact => fact.command !== '')?.command;
		return command ? [{type: 'copy', text: command, what: command}] : [{type: 'noted', note: 'no command shows this hop'}];
	},
	copyPath: ({flow}) => pathOr(shownPath(flow), path => [{type: 'copyPath', path}]),
	help: () => [{type: 'modeChanged', mode: {kind: 'help', top: 0}}],
	shell: state => {
		const container = selectedContainer(state);
		return container ? [{type: 'shell', container: container.id, name: container.name}] : [];
	},
	record: () => [{type: 'noted', note: 'reading all containers for a recording …'}, {type: 'record'}],
	suspend: () => [{type: 'suspend'}],
	quit: state => [{type: 'quit', leave: null, code: quitCode(state)}],
	quitLeaving: state => [{type: 'quit', leave: shownPath(state.flow), code: quitCode(state)}],
};

function open(state: State): Intent {
	const {snapshot} = state.session;
	switch (state.pane) {
		case 'networks':
			return [{type: 'narrowed', network: state.networks.selected === allNetworks ? null : state.networks.selected}];
		case 'containers': {
			const container = selectedContainer(state);
			if (!container && snapshot && state.session.canDemo) return [{type: 'demo'}];
			if (!container) return [];
			const items = openingRequests(container);
			if (items.length > 0) return menuOrOnly(`Ports of ${container.name}`, items, false);
			// Nothing is published or exposed: only a person knows the port.
			const field = fieldOf(`${container.name}:`);
			const error = `${container.name} publishes and exposes no port: type the one to ask for`;
			return [{type: 'modeChanged', mode: {kind: 'text', purpose: 'goto', field, before: '', error}}];
		}
		case 'flow':
		case 'probes':
			return [{type: 'zoomed', zoomed: !state.details.zoomed}];
	}
}

/** Traces what is shown, or cancels the trace that runs. Whether it may add its table to the kernel is asked once. */
function trace(state: State): Intent {
	if (isTracing(state)) return [{type: 'cancelTrace'}];
	const {request} = state.flow;
	return request ? tracing(state, request, false) : [];
}

/** Traces a request, or the next one that anybody sends to the same target. */
export function tracing(state: State, request: FlowRequest, anybody: boolean): Intent {
	const {kind, snapshot} = state.session;
	const adds = kind === 'live' && snapshot?.vantage.kind === 'root' && !state.traces.agreed;
	return adds ? [{type: 'modeChanged', mode: {kind: 'agree', index: 0, anybody}}] : [{type: 'trace', request, anybody}];
}

function back(state: State): Intent {
	const {details, filters, pane, note, flow} = state;
	if (isTracing(state)) return [{type: 'cancelTrace'}];
	if (note !== null) return [{type: 'noted', note: null}];
	if (details.zoomed) return [{type: 'zoomed', zoomed: false}];
	if (filters[pane] !== '') return [{type: 'filterSet', value: ''}];
	if (pane === 'flow' && flow.trace) return [{type: 'traceLeft'}];
	if (pane === 'flow') return [{type: 'paneChosen', pane: 'containers'}];
	return pane === 'containers' ? [{type: 'paneChosen', pane: 'networks'}] : [];
}

function requestsOf(state: State): MenuItem[] {
	const {snapshot} = state.session;
	const container = snapshot && containerById(snapshot, state.containers.selected);
	if (!container) return [];
	return portsOf(container).flatMap(port => requestsTo(snapshot, container, port));
}

function menuOrOnly(title: string, items: MenuItem[], always: boolean): Intent {
	const [only] = items;
	if (only && items.length === 1 && !always) return asking(only.request);
	return [{type: 'modeChanged', mode: {kind: 'menu', title, items, index: 0}}];
}

function toBlock(state: State, by: 1 | -1): Intent {
	const {rows} = flowTable(state);
	const {index} = state.flow.list;
	const blocking = rows.map((row, at) => ({row, at})).filter(({row}) => row.verdict === 'blocks');
	const next = by > 0 ? blocking.find(({at}) => at > index) : blocking.findLast(({at}) => at < index);
	if (!next && shownPath(state.flow)?.lost === 'answer' && !state.flow.reply) return [{type: 'noted', note: 'it stops on the way back: b'}];
	if (!next) return [{type: 'noted', note: by > 0 ? 'no further hop blocks' : 'no hop before this one blocks'}];
	return [{type: 'rowChosen', pane: 'flow', id: next.row.id}];
}

function pathOr(path: Path | null, intent: (path: Path) => Intent): Intent {
	return path ? intent(path) : [];
}

/** 4 where no engine could be read, as for every command. */
function quitCode({session}: State): number {
	return session.snapshot?.engine.read ? 0 : session.link.kind === 'lost' ? 4 : 0;
}

function beside(pane: Pane, by: number): Pane {
	return panes[(panes.indexOf(pane) + by + panes.length) % panes.length] ?? pane;
}
