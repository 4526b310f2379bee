/** At most so many pieces of work at a time; the others wait in the order in which they came. */
export function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
	let running = 0;
	const waiting: (() => void)[] = [];
	return async work => {
		if (running >= most) await new Promise<void>(resolve => waiting.push(resolve));
		else running++;
		try {
			return await work();
		} finally {
			// One that ends hands its place over to the first that waits.
			const next = waiting.shift();
			if (next) next();
			else running--;
		}
	};
}
