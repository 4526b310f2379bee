import type {FlowRequest, Origin, Path, ProbePlan, Snapshot, Trace, TracePlan} from '../model/index.js';
import {type Explain, follow} from './follow.js';
import type {Session} from './session.js';

export interface TraceAsked {
	explain: Explain;
	/** What is looked at and sent for a path, or why it cannot be traced. */
	plan(path: Path, send: ProbePlan | {whyNot: string}, snapshot: Snapshot): TracePlan | {whyNot: string};
	/** It waits for whoever asks the target, from anywhere: how that request is understood. Absent: for the one that is asked for. */
	anyone?: Anyone;
	signal: AbortSignal;
	/** Everything looks: from now on a client elsewhere may send. */
	armed?(plan: TracePlan, path: Path, snapshot: Snapshot): void;
}

/** Understands the request of whoever came. */
export interface Anyone {
	/** Who asked, and what; null: nobody. */
	newcomer(trace: Trace, snapshot: Snapshot): Newcomer | null;
	/** The trace as that of the request of this path. */
	settled(trace: Trace, newcomer: Newcomer, path: Path, snapshot: Snapshot): Trace;
	/** What every request to the target of this path meets; `address`: who asked, if anybody did. */
	common(path: Path, address: string | null): Path;
}

export interface Newcomer {
	client: {address: string; port: number};
	asked: {address: string; port: number};
	origin: Origin | null;
	again: boolean;
}

export interface Traced {
	/** The one that the path is of: of whoever came what that turned out to be. */
	request: FlowRequest;
	/** As explained; of a client elsewhere for the one that really came. */
	path: Path;
	snapshot: Snapshot;
	trace: Trace;
}

/**
 * Explains a request and traces it: on a live host a real one, from a recording the one that it holds. whyNot: a sentence that says why
 * there is no trace of it. Rejects with EngineError where there is no snapshot, with AbortError when aborted.
 */
export async function traceRequest(session: Session, request: FlowRequest, asked: TraceAsked): Promise<Traced | {whyNot: string}> {
	const {snapshot, explanation} = await follow(session, request, asked.explain);
	if ('usage' in explanation) return {whyNot: explanation.usage};
	const {path, probe} = explanation;
	const plan = asked.plan(path, probe, snapshot);
	if ('whyNot' in plan) return plan;
	const whyNot = session.whyNoTrace(plan);
	if (whyNot !== null) return {whyNot};
	const trace = await session.trace(plan, asked.signal, () => asked.armed?.(plan, path, snapshot));
	if (plan.send) return {request, path, snapshot, trace};
	return {request, snapshot, ...(await forComer(session, request, asked, path, trace))};
}

/**
 * The path of the client that really came, and its trace: rules may treat it otherwise than the one that stood for any, and of whoever came
 * nothing was known beforehand. `path`: that of an earlier explanation.
 */
export async function forComer(
	session: Session,
	request: FlowRequest,
	{explain, anyone}: Pick<TraceAsked, 'explain' | 'anyone'>,
	path: Path,
	trace: Trace,
): Promise<Comer> {
	if (anyone) return ofAnyone(session, request, explain, anyone, path, trace);
	const client = trace.client?.address;
	if (client === undefined || client === path.from.address) return {path, trace};
	const {explanation} = await follow(session, {...request, origin: {kind: 'lan', address: client}}, explain);
	return {path: 'usage' in explanation ? path : explanation.path, trace};
}

/** again: it was heard as a connection that is not its own first. */
type Comer = Pick<Traced, 'path' | 'trace'> & {request?: FlowRequest; again?: boolean};

async function ofAnyone(
	session: Session,
	request: FlowRequest,
	explain: Explain,
	anyone: Anyone,
	path: Path,
	trace: Trace,
): Promise<Comer> {
	let comer = anyone.newcomer(trace, await session.ready());
	if (comer && comer.origin === null) {
		// It may have been started after the host was read.
		await session.refresh();
		comer = anyone.newcomer(trace, await session.ready());
	}
	if (!comer) return {path: anyone.common(path, null), trace};
	const {origin, asked, again} = comer;
	const {proto} = path.to;
	if (origin && proto !== 'sctp') {
		const target = {kind: 'address', ...asked, proto} as const;
		const own = {...request, target, origin};
		const {snapshot, explanation} = await follow(session, own, explain);
		if (!('usage' in explanation))
			return {request: own, path: explanation.path, trace: anyone.settled(trace, comer, explanation.path, snapshot), again};
	}
	return {path: anyone.common(path, comer.client.address), trace: {...trace, client: comer.client}, again};
}
