import {setTimeout as sleep} from 'node:timers/promises';
import type {Watcher} from './watcher.js';

/**
 * Waits until the watchers have printed what happened before this was called: nothing waits for them in the kernel, and nothing new came for a
 * moment; or, where other traffic never leaves them a quiet moment, they were a moment ago past what happened before. On a machine that is late
 * with this process, and so with theirs, the moment is as much longer. At most three seconds.
 */
export async function settle(
	watchers: readonly Pick<Watcher<unknown>, 'lastLine' | 'caughtUp' | 'past'>[],
	signal: AbortSignal,
): Promise<void> {
	const began = performance.now();
	const us = Date.now() * 1000;
	const pastAt = new Map<(typeof watchers)[number], number>();
	let late = 0;
	const hasSettled = async (watcher: (typeof watchers)[number]) => {
		const now = performance.now();
		const moment = quietMs + late * 4;
		if (now - Math.max(began, watcher.lastLine()) >= moment && (await watcher.caughtUp())) return true;
		if (!pastAt.has(watcher) && (await watcher.past(us))) pastAt.set(watcher, now);
		return now - (pastAt.get(watcher) ?? now) >= moment;
	};
	while (performance.now() - began < mostMs) {
		const before = performance.now();
		await sleep(stepMs, undefined, {signal});
		late = Math.max(late, performance.now() - before - stepMs);
		if ((await Promise.all(watchers.map(hasSettled))).every(Boolean)) return;
	}
}

const stepMs = 15;
const quietMs = 50;
const mostMs = 3000;
