import {expect, test} from 'vitest';
import {sideBySide} from '../../source/commands/side-by-side.js';

const items = Array.from({length: 60}, (_, index) => index);

test('few begin at a time; those that only wait make room, so that all wait together', async () => {
	const began: number[] = [];
	const {promise: allWait, resolve} = Promise.withResolvers<void>();
	const some = items.slice(0, 24);
	const answers = sideBySide(some, async item => {
		began.push(item);
		if (began.length === some.length) resolve();
		// Whoever began waits for the last one: there is no end unless all of them wait together.
		await allWait;
		return item * 2;
	});
	expect(began.length).toBe(8);
	expect(await answers).toEqual(some.map(item => item * 2));
	expect(began).toEqual(some);
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
