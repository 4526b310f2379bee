import {setTimeout as sleep} from 'node:timers/promises';
import type {Watcher} from './watcher.js';

/** Waits until the watchers have printed what they saw: nothing new for a moment, at most a second. */
export async function settle(watchers: readonly Pick<Watcher<unknown>, 'lastLine'>[], signal: AbortSignal): Promise<void> {
	const began = performance.now();
	while (performance.now() - began < mostMs) {
		await sleep(quietMs / 3, undefined, {signal});
		const last = Math.max(began, ...watchers.map(watcher => watcher.lastLine()));
		if (performance.now() - last >= quietMs) return;
	}
}

const quietMs = 60;
const mostMs = 1000;
