import {setTimeout as sleep} from 'node:timers/promises';

/** Waits until `true` comes back. Rejects, saying for what, after so many ms. */
export async function waitFor(what: string, isSo: () => Promise<boolean>, limitMs: number): Promise<void> {
	const limit = Date.now() + limitMs;
	while (!(await isSo())) {
		if (Date.now() > limit) throw new Error(`waited ${limitMs} ms for ${what}`);
		await sleep(100);
	}
}
