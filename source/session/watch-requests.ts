import type {FlowRequest, Path, ProbePlan, Snapshot, Trace, TracePlan} from '../model/index.js';
import {type Explain, follow} from './follow.js';
import type {Session} from './session.js';
import {explainedFrom, forClient} from './trace-request.js';

export interface WatchAsked {
	explain: Explain;
	/** What is looked at for a path, or why it cannot be traced. */
	plan(path: Path, send: ProbePlan | {whyNot: string}, snapshot: Snapshot): TracePlan | {whyNot: string};
	/** Whether the trace is as explained: where it is not, the host is read again, in case that it has changed, and explained anew. */
	agrees(path: Path, trace: Trace): boolean;
	signal: AbortSignal;
	/** Everything looks: from now on no request is missed. */
	armed(plan: TracePlan, path: Path, snapshot: Snapshot): void;
	seen(path: Path, trace: Trace): void;
	/** So many came while as many as can be were being followed. */
	missed(count: number): void;
}

/**
 * Traces the requests of clients elsewhere as they come, without a pause, until none has come for the plan's time. whyNot: a sentence that
 * says why they cannot be traced. Rejects with EngineError where there is no snapshot, with AbortError when aborted.
 */
export async function watchRequests(session: Session, request: FlowRequest, asked: WatchAsked): Promise<{whyNot: string} | null> {
	const {snapshot, explanation} = await follow(session, request, asked.explain);
	if ('usage' in explanation) return {whyNot: explanation.usage};
	const plan = asked.plan(explanation.path, explanation.probe, snapshot);
	if ('whyNot' in plan) return plan;
	const whyNot = session.whyNoTrace(plan);
	if (whyNot !== null) return {whyNot};
	let readAt = performance.now();
	await session.watch(plan, asked.signal, {
		armed: () => asked.armed(plan, explanation.path, snapshot),
		missed: asked.missed,
		async seen(trace) {
			const path = await forClient(session, request, asked.explain, explanation.path, trace);
			const again = !asked.agrees(path, trace) && performance.now() - readAt > leastMs;
			if (!again) return asked.seen(path, trace);
			await session.refresh();
			readAt = performance.now();
			const {address} = trace.client ?? {address: path.from.address ?? ''};
			asked.seen(await explainedFrom(session, request, asked.explain, address, path), trace);
		},
	});
	return null;
}

/** The host is read again no more often than this. */
const leastMs = 2000;
