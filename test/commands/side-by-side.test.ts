import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {sideBySide} from '../../source/commands/side-by-side.js';

const items = Array.from({length: 60}, (_, index) => index);

test('few begin at a time; those that only wait make room, so that all wait together', async () => {
	let atWork = 0;
	let most = 0;
	const atOnce: number[] = [];
	const answers = sideBySide(items, async item => {
		most = Math.max(most, ++atWork);
		atOnce.push(item);
		await sleep(4000);
		atWork--;
		return item * 2;
	});
	expect(atOnce.length).toBe(8);
	expect(await answers).toEqual(items.map(item => item * 2));
	expect(most).toBe(items.length);
});

test('what is quick is done eight at a time, in order', async () => {
	let atWork = 0;
	let most = 0;
	const began: number[] = [];
	await sideBySide(items, async item => {
		began.push(item);
		most = Math.max(most, ++atWork);
		await null;
		atWork--;
	});
	expect([began, most]).toEqual([items, 8]);
});

test('one that fails fails the whole, and none is left unheard', async () => {
	const work = async (item: number) => {
		if (item % 7 === 3) throw new Error(`no ${item}`);
	};
	await expect(sideBySide(items, work)).rejects.toThrow('no 3');
});
