import {expect, it} from 'vitest';
import {settle} from '../../source/trace/settle.js';

const signal = new AbortController().signal;

async function elapsed(past: (ms: number) => boolean): Promise<number> {
	const began = performance.now();
	const busy = {lastLine: () => performance.now(), caughtUp: async () => false, past: async () => past(performance.now() - began)};
	await settle([busy], signal);
	return performance.now() - began;
}

it('where other traffic never ends it waits until what came before was read, and not for silence', async () => {
	expect(await elapsed(() => true)).toBeLessThan(2500);
	expect(await elapsed(ms => ms > 400)).toBeGreaterThan(400);
});

it('waits for silence where there is one, and no longer than three seconds for one that does not come', async () => {
	const began = performance.now();
	const quiet = {lastLine: () => began, caughtUp: async () => true, past: async () => false};
	await settle([quiet], signal);
	expect(performance.now() - began).toBeGreaterThan(45);
	expect(await elapsed(() => false)).toBeGreaterThan(2900);
});
