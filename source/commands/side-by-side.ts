import {setTimeout as sleep} from 'node:timers/promises';

/**
 * Does the work of all items at once, in their order, but for their starts: few begin at a time, so that a busy start of many programs does
 * not eat into the time that each is given. What only waits makes room for the next, so all together take as long as the slowest.
 */
export async function sideBySide<Item, Answer>(items: readonly Item[], work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
	const answers = new Array<Promise<Answer>>(items.length);
	let next = 0;
	const starter = async () => {
		while (next < items.length) {
			const index = next++;
			const answer = work(items[index] as Item);
			answer.catch(() => {});
			answers[index] = answer;
			await Promise.race([answer.catch(() => {}), sleep(waitsMs)]);
		}
	};
	await Promise.all(Array.from({length: few}, starter));
	return Promise.all(answers);
}

const few = 8;
/** A request that has not been answered by then waits, and needs no processor. */
const waitsMs = 250;
