import {setTimeout as sleep} from 'node:timers/promises';
import type {Watcher} from './watcher.js';

/**
 * Waits until the watchers have printed what they saw: nothing waits for them in the kernel, and nothing new came for a moment. On a machine
 * that is late with this process, and so with theirs, the moment is as much longer. At most three seconds.
 */
export async function settle(watchers: readonly Pick<Watcher<unknown>, 'lastLine' | 'caughtUp'>[], signal: AbortSignal): Promise<void> {
	const began = performance.now();
	let late = 0;
	while (performance.now() - began < mostMs) {
		const before = performance.now();
		await sleep(stepMs, undefined, {signal});
		late = Math.max(late, performance.now() - before - stepMs);
		const last = Math.max(began, ...watchers.map(watcher => watcher.lastLine()));
		if (performance.now() - last < quietMs + late * 4) continue;
		if ((await Promise.all(watchers.map(watcher => watcher.caughtUp()))).every(Boolean)) return;
	}
}

const stepMs = 15;
const quietMs = 50;
const mostMs = 3000;
