import type {FlowRequest, Path, ProbePlan, Snapshot, Trace, TracePlan} from '../model/index.js';
import type {Comparison} from '../proof/compare.js';
import type {Proof} from '../proof/proof.js';
import {anyWords} from '../rows/words/any-words.js';
import {clientLine, endWords} from '../rows/words/en.js';
import type {Session} from '../session/session.js';
import {type Anyone, type TraceAsked, type Traced, traceRequest} from '../session/trace-request.js';
import {everySecond} from './seconds.js';
import {clock} from './state/probe-table.js';
import {senderName} from './state/sender-name.js';
import type {ProbeRun, TraceRun} from './state/state.js';
import {traceBefore} from './state/traces.js';
import type {Store} from './store.js';

/** What a trace needs of the world. */
export interface TraceWorld {
	session: Session;
	/** Loaded with the first trace: the first screen does without. */
	proof(): Promise<{
		explain: TraceAsked['explain'];
		tracePlan(
			path: Path,
			send: ProbePlan | {whyNot: string},
			snapshot: Snapshot,
			seconds: number,
			chance: number,
		): TracePlan | {whyNot: string};
		anyPlan(path: Path, snapshot: Snapshot, family: 4 | 6 | null, seconds: number): TracePlan | {whyNot: string};
		anyone: Anyone;
		prove(path: Path, trace: Traced['trace']): Proof;
		compare(before: Proof, now: Proof): Comparison;
	}>;
	now(): Date;
	timeoutSeconds: number;
	/** The request is shown travelling the table; false: its facts stand there at once. */
	motion: boolean;
}

export interface Tracer {
	/** anybody: not this request, but the next one that comes to its target; what that turns out to be is shown then. */
	trace(request: FlowRequest, anybody?: boolean): Promise<void>;
	cancel(): void;
	/** What was gathered so far, the oldest first: for a recording. */
	gathered(): readonly Trace[];
}

/** Traces requests for the explorer, one at a time, and tells the store what comes of it. Never rejects. */
export function createTracer(store: Store, world: TraceWorld, follow: (request: FlowRequest) => void = () => {}): Tracer {
	let running: AbortController | null = null;
	let count = 0;
	let kept: Trace[] = [];
	return {
		async trace(request, anybody = false) {
			running?.abort();
			const control = new AbortController();
			running = control;
			const id = `t${++count}`;
			const started = world.now();
			const run: TraceRun = {id, request, at: started.toISOString(), outcome: {kind: 'running', seconds: 0, client: null}};
			store.dispatch({type: 'traceStarted', run});
			const stopTicking = everySecond(world.now, started, seconds => store.dispatch({type: 'traceTicked', id, seconds}));
			try {
				const ended = await gather(run, anybody, control.signal);
				turnTo(ended, request);
				store.dispatch({type: 'traceEnded', run: ended});
				if (ended.outcome.kind === 'failed') store.dispatch({type: 'noted', note: `no trace: ${ended.outcome.why}`});
				else await travel(ended, control.signal);
			} catch (error) {
				const isCancelled = control.signal.aborted;
				if (!isCancelled) store.dispatch({type: 'traceEnded', run: {...run, outcome: {kind: 'failed', why: messageOf(error)}}});
				else if (store.state().flow.trace?.id === id) store.dispatch({type: 'traceLeft'});
				store.dispatch({type: 'noted', note: isCancelled ? 'the trace was cancelled' : `no trace: ${messageOf(error)}`});
			} finally {
				stopTicking();
				if (running === control) running = null;
			}
		},
		cancel: () => running?.abort(),
		gathered: () => kept,
	};

	/** What came is another request than the one on the screen: it takes its place there, if the person has not gone on. */
	function turnTo(run: TraceRun, asked: FlowRequest): void {
		if (run.request === asked || store.state().flow.trace?.id !== run.id) return;
		store.dispatch({type: 'asked', request: run.request});
		store.dispatch({type: 'traceStarted', run});
		follow(run.request);
	}

	async function gather(run: TraceRun, anybody: boolean, signal: AbortSignal): Promise<TraceRun> {
		const {session} = world;
		const {explain, tracePlan, anyPlan, anyone, prove, compare} = await world.proof();
		signal.throwIfAborted();
		const traced = await traceRequest(session, run.request, {
			explain,
			...(anybody
				? {plan: (path, _, snapshot) => anyPlan(path, snapshot, null, Math.max(world.timeoutSeconds, leastForClient)), anyone}
				: {plan: (path, send, snapshot) => tracePlan(path, send, snapshot, patience(path, world.timeoutSeconds), Math.random())}),
			signal,
			armed: (plan, path) => armed(run.id, plan, path),
		});
		if ('whyNot' in traced) return {...run, outcome: {kind: 'failed', why: traced.whyNot}};
		const proof = prove(traced.path, traced.trace);
		kept = [...kept.slice(1 - mostKept), traced.trace];
		const recorded = session.kind !== 'live';
		// The host may have changed since it was read: what stands behind the trace ought to be of now.
		if (proof.agreement === false && !recorded) void session.refresh().catch(() => {});
		const before = recorded ? undefined : traceBefore(store.state().traces, run.request);
		const compared = before?.outcome.kind === 'done' ? {comparison: compare(before.outcome.proof, proof), time: clock(before.at)} : null;
		const at = recorded ? new Date(traced.trace.armedAt / 1000).toISOString() : run.at;
		const {plan, probe: result} = traced.trace;
		const sent: ProbeRun | null =
			plan.send && result && !recorded
				? {
						id: run.id,
						plan: plan.send,
						from: senderName(traced.snapshot, plan.send),
						traced: true,
						shown: run.request,
						startedAt: run.at,
						outcome: {kind: 'done', result},
					}
				: null;
		return {
			...run,
			request: traced.request,
			at,
			outcome: {kind: 'done', proof, sent, recorded, travelled: world.motion ? 0 : null, compared},
		};
	}

	function armed(id: string, plan: TracePlan, path: Path): void {
		if (plan.send) return;
		if (plan.asks) {
			store.dispatch({type: 'traceArmed', id, client: {line: null, asks: anyWords(plan, path), seconds: plan.timeoutSeconds}});
			return;
		}
		const {dst, dport} = path.hops[0]?.packet ?? {dst: '', dport: null};
		store.dispatch({type: 'traceArmed', id, client: {line: clientLine(path), asks: endWords(dst, dport), seconds: plan.timeoutSeconds}});
	}

	/** The request comes to one hop after the other: what was gathered, shown in the order in which it happened. */
	async function travel({id, outcome}: TraceRun, signal: AbortSignal): Promise<void> {
		if (outcome.kind !== 'done' || outcome.travelled === null) return;
		const count = outcome.proof.path.hops.length;
		const stepMs = Math.min(longestStep, longestJourney / count);
		for (let hops = 1; hops <= count && store.state().flow.trace?.id === id && !signal.aborted; hops++) {
			store.dispatch({type: 'traceTravelled', id, hops});
			await new Promise(resolve => setTimeout(resolve, stepMs));
		}
		store.dispatch({type: 'traceTravelled', id, hops: null});
	}
}

/** A person needs longer to go to another machine than a request takes. */
function patience({from}: Path, seconds: number): number {
	return from.kind === 'lan' ? Math.max(seconds, leastForClient) : seconds;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

const leastForClient = 120;
/** Older ones are forgotten: each may be a few hundred kilobytes. */
const mostKept = 20;
/** Milliseconds. */
const longestStep = 80;
const longestJourney = 800;
