/**
 * Calls `act` once things have been quiet for `quietMs`, with everything that was added meanwhile, and never twice within
 * `apartMs`: a storm of events makes one reading per second. stop() forgets what waits.
 */
export function pace<Item>(act: (items: Item[]) => void, quietMs = 200, apartMs = 1000): {add(item: Item): void; stop(): void} {
	let waiting: Item[] = [];
	let timer: NodeJS.Timeout | null = null;
	let last = Number.NEGATIVE_INFINITY;
	let first = 0;
	const fire = () => {
		const items = waiting;
		waiting = [];
		timer = null;
		last = performance.now();
		act(items);
	};
	return {
		add(item) {
			const now = performance.now();
			if (waiting.length === 0) first = now;
			waiting.push(item);
			if (timer) clearTimeout(timer);
			// Trailing, but a storm without a pause must not hold it back for ever.
			const quiet = Math.min(now + quietMs, first + apartMs);
			timer = setTimeout(fire, Math.max(quiet, last + apartMs) - now);
		},
		stop() {
			if (timer) clearTimeout(timer);
			timer = null;
			waiting = [];
		},
	};
}
