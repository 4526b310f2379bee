import type {FlowRequest, Path, ProbePlan, Snapshot, Trace, TracePlan} from '../model/index.js';
import {type Explain, follow} from './follow.js';
import type {Session} from './session.js';

export interface TraceAsked {
	explain: Explain;
	/** What is looked at and sent for a path, or why it cannot be traced. */
	plan(path: Path, send: ProbePlan | {whyNot: string}, snapshot: Snapshot): TracePlan | {whyNot: string};
	signal: AbortSignal;
	/** Everything looks: from now on a client elsewhere may send. */
	armed?(plan: TracePlan, path: Path, snapshot: Snapshot): void;
}

export interface Traced {
	/** As explained; from the LAN for the client that really came. */
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
	return {path: plan.send ? path : await forClient(session, request, asked.explain, path, trace), snapshot, trace};
}

/** The path of the client that really came: rules may treat it otherwise than the one that stood for any. `path`: that of an earlier explanation. */
export async function forClient(session: Session, request: FlowRequest, explain: Explain, path: Path, trace: Trace): Promise<Path> {
	const client = trace.client?.address;
	return client === undefined || client === path.from.address ? path : explainedFrom(session, request, explain, client, path);
}

/** The path from a client of that address, as the host is now; `otherwise` where it cannot be explained. */
export async function explainedFrom(
	session: Session,
	request: FlowRequest,
	explain: Explain,
	address: string,
	otherwise: Path,
): Promise<Path> {
	const {explanation} = await follow(session, {...request, origin: {kind: 'lan', address}}, explain);
	return 'usage' in explanation ? otherwise : explanation.path;
}
