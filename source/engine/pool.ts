/** The answers of `work` for every item, in order, with at most `width` at work at once. The first failure rejects. */
export async function inPool<Item, Answer>(
	width: number,
	items: readonly Item[],
	work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
	const answers = new Array<Answer>(items.length);
	let next = 0;
	const worker = async () => {
		while (next < items.length) {
			const index = next++;
			answers[index] = await work(items[index] as Item);
		}
	};
	await Promise.all(Array.from({length: Math.min(width, items.length)}, worker));
	return answers;
}
