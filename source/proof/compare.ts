import type {Path} from '../model/index.js';
import type {Stage} from './latency.js';
import type {Proof} from './proof.js';

/** How a traced request fared beside the one before. */
export interface Comparison {
	/** How the one before ended; null: the same. */
	ended: Pick<Path, 'verdict' | 'blockedAt' | 'lost'> | null;
	/** Microseconds that it took longer (below 0: shorter); null: not measured, or they ended otherwise. */
	total: number | null;
	/** The part whose time changed most. */
	most: Stage | null;
}

/** Sets a traced request beside the one before of the same kind: whether it ended elsewhere, and which part took longer or shorter. */
export function compare(before: Proof, now: Proof): Comparison {
	const same = (['verdict', 'blockedAt', 'lost'] as const).every(key => before.path[key] === now.path[key]);
	if (!same) {
		const {verdict, blockedAt, lost} = before.path;
		return {ended: {verdict, blockedAt, lost}, total: null, most: null};
	}
	const {total: was, stages: old} = before.latency;
	const {total: is, stages} = now.latency;
	if (was === null || is === null) return {ended: null, total: null, most: null};
	const ids = new Set([...old, ...stages].map(({id}) => id));
	const usOf = (list: readonly Stage[], id: Stage['id']) => list.find(stage => stage.id === id)?.us ?? 0;
	const changes = [...ids].map(id => ({id, us: usOf(stages, id) - usOf(old, id)})).sort((a, b) => Math.abs(b.us) - Math.abs(a.us));
	return {ended: null, total: is - was, most: changes[0] ?? null};
}
