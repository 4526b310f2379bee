import type {Gap, Needs, ProbePlan, ProbeResult, ProgramHere, Snapshot, Trace, TracePlan} from '../model/index.js';

export type Link =
	| {kind: 'connecting'}
	| {kind: 'connected'}
	/** Lost or never reached: what was tried, in lines; the next try's time (ISO) where one is planned. */
	| {kind: 'lost'; since: string; reason: string; tried: {what: string; result: string}[]; advice: string[]; nextTry: string | null};

/** What the screen may show now. The snapshot grows: the engine's inventory first, the kernel's facts next. */
export interface SessionState {
	snapshot: Snapshot | null;
	link: Link;
	/** True while kernel facts are being read. */
	reading: boolean;
}

/** How much of the host's kernel is read: the links say all that a list shows. */
export type KernelPart = 'all' | 'links';

/** One face for a live host and for a recording. Nothing else holds readers. */
export interface Session {
	kind: 'live' | 'demo' | 'replay';
	state(): SessionState;
	/** Calls back after every change; gives the way to stop. */
	subscribe(listener: () => void): () => void;
	/** Resolves with the first complete snapshot, or rejects with EngineError where none can be had. */
	ready(): Promise<Snapshot>;
	/** Reads what is needed and gives a snapshot that holds it (or the gaps that say why not). */
	read(needs: Needs): Promise<Snapshot>;
	/** Reads all again. */
	refresh(): Promise<void>;
	/** Why no probe can be sent here; null where one can. */
	whyNoProbe: string | null;
	/** Launches one real request. Bounded by the plan's timeout; an abort ends it within a second and rejects with AbortError. */
	probe(plan: ProbePlan, signal: AbortSignal): Promise<ProbeResult>;
	/** Why this cannot be traced here, and what would help; null where it can (what a place does not show is a gap in the trace). */
	whyNoTrace(plan: TracePlan): string | null;
	/**
	 * Launches one real request, or waits for that of a client elsewhere, and gathers what the kernel does with its packets; from a
	 * recording the trace of that request that it holds. `armed` is called when everything looks. Bounded like a probe; an abort leaves
	 * nothing behind and rejects with AbortError.
	 */
	trace(plan: TracePlan, signal: AbortSignal, armed?: () => void): Promise<Trace>;
	/**
	 * Argument vector of a shell in a container's network namespace: the host's programs, that container's names; or why there is none. It
	 * ends with dockhop and leaves nothing behind.
	 */
	shell(containerId: string): Promise<{argv: string[]} | {whyNot: string}>;
	/** What can be read of this host where no engine answers (`gap`: why not); null where it is no live host. */
	withoutEngine(gap: Gap): Promise<Snapshot> | null;
	/** The programs of this host that are used; of a recording none. */
	programs(): Promise<ProgramHere[]>;
	/**
	 * Follows the requests of clients elsewhere one beside the other, none of them missed, until none has come for the plan's time. Only on a
	 * live host. Rejects with AbortError when aborted, and leaves nothing behind.
	 */
	watch(plan: TracePlan, signal: AbortSignal, calls: WatchCalls): Promise<void>;
	close(): Promise<void>;
}

export interface WatchCalls {
	/** Everything looks: from now on no request is missed. */
	armed(): void;
	/** A request is over; what comes meanwhile waits. */
	seen(trace: Trace): Promise<void>;
	/** So many came while as many as can be were being followed. */
	missed(count: number): void;
}

/** No engine and no recording could be read: exit code 4. */
export class EngineError extends Error {
	constructor(
		message: string,
		readonly tried: {what: string; result: string}[],
		readonly advice: string[],
		readonly gap: Gap,
	) {
		super(message);
	}
}

/** The helper container that was asked for cannot be had: exit code 2, as for any option that cannot be followed. */
export class HelperError extends EngineError {}
