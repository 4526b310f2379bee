import {setTimeout as sleep} from 'node:timers/promises';
import type {Trace, TracePlan} from '../model/index.js';
import type {ProbeContext} from '../probe/context.js';
import {arm} from './arm.js';
import {followClients} from './follow-clients.js';

/**
 * Follows the requests of clients elsewhere one beside the other, without a pause between them, until none has come for the plan's time.
 * Bounded: so many at a time, each for so long, and what was seen of those that are over is dropped. Ends like a trace.
 */
export async function watch(
	plan: TracePlan,
	context: ProbeContext,
	signal: AbortSignal,
	calls: {armed(): void; seen(trace: Trace): Promise<void>; missed(count: number): void},
): Promise<void> {
	signal.throwIfAborted();
	const clients = followClients(plan, mostAtOnce, longestMs);
	const beforeUs = clockUs + (plan.asks ? dialledUs : 0);
	const looks = await arm(plan, context, line => clients.hear(line));
	try {
		signal.throwIfAborted();
		clients.begin(await looks.begin());
		calls.armed();
		for (;;) {
			await sleep(50, undefined, {signal});
			const over = clients.take();
			if (over.length > 0) await looks.settle(signal);
			if (over.length > 0) await looks.check();
			for (const {client, us} of over) {
				await calls.seen(await looks.gather({probe: null, client, from: us - beforeUs, fared: false}));
				signal.throwIfAborted();
			}
			looks.forget((clients.oldest() ?? (Date.now() - keptMs) * 1000) - beforeUs);
			const missed = clients.missed();
			if (missed > 0) calls.missed(missed);
			if (clients.open() === 0 && clients.idleMs() > plan.timeoutSeconds * 1000) return;
		}
	} finally {
		await looks.stop();
	}
}

const mostAtOnce = 32;
const longestMs = 15_000;
/** What nft tells of has the time of our own clock, which counts milliseconds. */
const clockUs = 2000;
/** docker-proxy opens its connection so long after the one that it belongs to, at most. */
const dialledUs = 1_000_000;
/** What has just been seen may belong to a connection whose first packet is not here yet. */
const keptMs = 2000;
