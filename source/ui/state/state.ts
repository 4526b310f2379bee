import type {FlowRequest, ProbePlan, ProbeResult} from '../../model/index.js';
import type {Explanation} from '../../path/explanation.js';
import type {Comparison} from '../../proof/compare.js';
import type {Proof} from '../../proof/proof.js';
import type {Session, SessionState} from '../../session/session.js';
import type {Pane, Size} from '../layout.js';
import type {OverlayName} from '../lines/overlays.js';
import {emptyList, type ListState} from './list.js';
import type {TextField} from './text-field.js';

/** All that the screen depends on: one value, changed by `reduce` alone. */
export interface State {
	size: Size;
	session: {kind: Session['kind']; whyNoProbe: string | null; canDemo: boolean} & SessionState;
	pane: Pane;
	mode: Mode;
	networks: ListState;
	containers: ListState;
	/** Network to which the containers are narrowed; null: all. */
	narrowed: string | null;
	flow: FlowState;
	probes: ProbesState;
	traces: TracesState;
	/** What each pane's rows are narrowed to. */
	filters: Record<Pane, string>;
	details: DetailsState;
	/** Cursor of the menu that stands where no engine answers. */
	choice: number;
	/** One line in place of the footer: why a key did nothing, what was copied. */
	note: string | null;
}

/** Who owns the keys. */
export type Mode =
	| {kind: 'pane'}
	| {kind: 'menu'; title: string; items: MenuItem[]; index: number}
	/** before: the filter that Esc brings back. */
	| {kind: 'text'; purpose: 'filter' | 'goto'; field: TextField; before: string; error: string | null}
	/** Asks whether a trace may add its table to the kernel. index: of the answer under the cursor; anybody: it waits for whoever asks. */
	| {kind: 'agree'; index: number; anybody: boolean}
	/** A screen of text over the panes. top: its first line that is drawn. */
	| {kind: OverlayName; top: number};

export interface MenuItem {
	label: string;
	request: FlowRequest;
	/** Whoever asks that target next is waited for, and traced. */
	anybody?: true;
}

export interface FlowState {
	request: FlowRequest | null;
	/** True until the request is explained. */
	asking: boolean;
	/** Of `request`; while a new reading is under way, the one before. */
	explanation: Explanation | null;
	/** What `p` sends; on a flow from the LAN the request that stands in for it. */
	probe: ProbePlan | {whyNot: string} | null;
	/** Why the request cannot be asked as it was written. */
	usage: string | null;
	list: ListState;
	/** Process on top, NIC at the bottom. */
	turned: boolean;
	/** The way back is shown. */
	reply: boolean;
	/** Of `request`, where it is traced: its facts stand in place of the explanation. */
	trace: TraceRun | null;
}

export interface DetailsState {
	/** Index into `tabs`. */
	tab: number;
	/** First line that is drawn. */
	top: number;
	zoomed: boolean;
}

export const tabs = ['Hop', 'Evidence', 'Rules', 'Trace'] as const;
export const traceTab = tabs.indexOf('Trace');

export interface ProbesState {
	runs: ProbeRun[];
	list: ListState;
}

export interface ProbeRun {
	id: string;
	plan: ProbePlan;
	/** Name of where it is sent from: "host" or a container's. */
	from: string;
	/** It was sent by a trace. */
	traced: boolean;
	/** The request on the screen when it was sent; null: none. */
	shown: FlowRequest | null;
	/** ISO time. */
	startedAt: string;
	outcome: {kind: 'running'; seconds: number} | {kind: 'done'; result: ProbeResult} | {kind: 'cancelled'} | {kind: 'failed'; why: string};
}

export interface TracesState {
	/** A person has agreed that a trace adds its table to the kernel: asked once. */
	agreed: boolean;
	/** Those that ended, the oldest first: the next one of the same request is compared with its last. */
	done: TraceRun[];
}

export interface TraceRun {
	id: string;
	request: FlowRequest;
	/** ISO time when the request was traced. */
	at: string;
	outcome:
		| {kind: 'running'; seconds: number; client: ClientAwaited | null}
		/** sent: the request that dockhop sent for it, as a probe; null: it sent none. travelled: hops that are shown as seen so far, while the request travels the table; null: all. compared: with the one before; null: there is none. */
		| {kind: 'done'; proof: Proof; sent: ProbeRun | null; recorded: boolean; travelled: number | null; compared: TraceCompared | null}
		| {kind: 'failed'; why: string};
}

export interface TraceCompared {
	comparison: Comparison;
	/** Clock time of the one before. */
	time: string;
}

/** Everything looks: a client elsewhere may send now. */
export interface ClientAwaited {
	/** What a person runs there; null: anybody's request is waited for. */
	line: string | null;
	/** Address and port that it asks. */
	asks: string;
	/** How long it is waited for. */
	seconds: number;
}

export function initialState(session: State['session'], size: Size): State {
	return {
		size,
		session,
		pane: 'networks',
		mode: {kind: 'pane'},
		networks: emptyList,
		containers: emptyList,
		narrowed: null,
		flow: {
			request: null,
			asking: false,
			explanation: null,
			probe: null,
			usage: null,
			list: emptyList,
			turned: false,
			reply: false,
			trace: null,
		},
		probes: {runs: [], list: emptyList},
		traces: {agreed: false, done: []},
		filters: {networks: '', containers: '', flow: '', probes: ''},
		details: {tab: 0, top: 0, zoomed: false},
		choice: 0,
		note: null,
	};
}
