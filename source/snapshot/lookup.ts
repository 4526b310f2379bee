/**
 * A look-up by key in lists that never change, as those of a snapshot: each list is gone through once, however often it is asked, since a
 * host may have a thousand containers. Gives what has the key, in the list's order.
 */
export function lookup<T>(keysOf: (item: T) => readonly string[]): (list: readonly T[], key: string) => readonly T[] {
	const known = new WeakMap<readonly T[], Map<string, T[]>>();
	// Mostly the list that was asked last is asked again.
	let last: readonly T[] | null = null;
	let ofLast = new Map<string, T[]>();
	return (list, key) => {
		if (list !== last) {
			let index = known.get(list);
			if (!index) {
				index = indexOf(list, keysOf);
				known.set(list, index);
			}
			ofLast = index;
			last = list;
		}
		return ofLast.get(key) ?? nothing;
	};
}

function indexOf<T>(list: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
	const index = new Map<string, T[]>();
	for (const item of list) {
		for (const key of keysOf(item)) {
			const same = index.get(key);
			if (!same) index.set(key, [item]);
			// An item may name one key twice.
			else if (same.at(-1) !== item) same.push(item);
		}
	}
	return index;
}

const nothing: readonly never[] = [];
