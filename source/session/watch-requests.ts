import type {FlowRequest, Path, Snapshot, Trace, TracePlan} from '../model/index.js';
import {follow} from './follow.js';
import type {Session} from './session.js';
import {forComer, type TraceAsked} from './trace-request.js';

export interface WatchAsked extends TraceAsked {
	/** Whether the trace is as explained: where it is not, the host is read again, in case that it has changed, and explained anew. */
	agrees(path: Path, trace: Trace): boolean;
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
	let known = explanation.path;
	let readAt = performance.now();
	await session.watch(plan, asked.signal, {
		armed: () => asked.armed(plan, explanation.path, snapshot),
		missed: asked.missed,
		async seen(gathered) {
			const understood = () => forComer(session, request, asked, known, gathered);
			const first = await understood();
			// What docker-proxy opened belongs to a request that has been heard itself.
			if (first.again) return;
			const isOld = !asked.agrees(first.path, first.trace) && performance.now() - readAt > leastMs;
			if (isOld) {
				await session.refresh();
				readAt = performance.now();
				const anew = (await follow(session, request, asked.explain)).explanation;
				if (!('usage' in anew)) known = anew.path;
			}
			const {path, trace} = isOld ? await understood() : first;
			asked.seen(path, trace);
		},
	});
	return null;
}

/** The host is read again no more often than this. */
const leastMs = 2000;
