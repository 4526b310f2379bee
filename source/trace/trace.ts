import {setTimeout as sleep} from 'node:timers/promises';
import type {Trace, TracePlan} from '../model/index.js';
import type {ProbeContext} from '../probe/context.js';
import {probe} from '../probe/probe.js';
import {arm} from './arm.js';
import {type Followed, followClients} from './follow-clients.js';

/**
 * Launches one request (or waits for that of a client elsewhere) and gathers what the kernel does with its packets in every network
 * namespace of the plan. Bounded by the plan's time. All programs that it starts end before it resolves, and together with dockhop however
 * that ends; so does its table. Rejects with the signal's reason when aborted, never otherwise: what could not be looked at is a gap of its
 * place. `armed` is called when everything looks: from then on a client may send.
 */
export async function trace(plan: TracePlan, context: ProbeContext, signal: AbortSignal, armed?: () => void): Promise<Trace> {
	signal.throwIfAborted();
	const clients = followClients(plan, 1, Number.POSITIVE_INFINITY);
	const looks = await arm(plan, context, line => clients.hear(line));
	try {
		signal.throwIfAborted();
		const at = await looks.begin();
		if (!plan.send) clients.begin(at);
		armed?.();
		const result = plan.send ? await probe(plan.send, context, signal) : null;
		const followed = plan.send ? null : await first(clients, plan.timeoutSeconds * 1000, signal);
		await looks.settle(signal);
		const seen = await looks.gather({probe: result, client: followed?.client ?? null, fared: result?.reached === true});
		await looks.stop();
		return {...seen, sights: looks.sights()};
	} finally {
		await looks.stop();
	}
}

/** The first connection of a client, when it is over or the time is up; null: none came. */
async function first(clients: ReturnType<typeof followClients>, ms: number, signal: AbortSignal): Promise<Followed | null> {
	const limit = performance.now() + ms;
	while (performance.now() < limit) {
		await sleep(20, undefined, {signal});
		const [over] = clients.take();
		if (over) return over;
	}
	return clients.take(true)[0] ?? null;
}
