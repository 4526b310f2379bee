import type {Container} from '../model/index.js';

/**
 * Milliseconds until everything should be read once more, because a container was started a short time ago: its process binds its
 * ports later than the engine tells that it runs, and no event tells of that. null: none is so young. Each start makes three readings at
 * most, 1, 3 and 8 seconds after it.
 */
export function nextLook(containers: readonly Container[], now: number): number | null {
	const waits = containers.flatMap(({startedAt, state}) => {
		const age = startedAt === null || state !== 'running' ? Number.NaN : now - Date.parse(startedAt);
		// Below 0 the engine's clock is another than ours: nothing can be told.
		return age >= 0 ? ages.map(wanted => wanted - age).filter(wait => wait > atOnce) : [];
	});
	return waits.length > 0 ? Math.min(...waits) : null;
}

const ages = [1000, 3000, 8000];
/** A reading that was made so shortly before counts: timers are not exact. */
const atOnce = 50;
