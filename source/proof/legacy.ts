import type {Hop, MovedCounter} from '../model/index.js';
import type {ObservedRule} from './proof.js';

/**
 * Rules of iptables-legacy that the walk says were met at a hop, and whose counters moved. The kernel's trace does not name these rules, so a
 * counter that moved is all that can be seen of them: other packets may have moved it as well.
 */
export function legacyRules(hop: Hop, place: string, counters: readonly MovedCounter[]): ObservedRule[] {
	const own = counters.filter(counter => counter.place === place);
	return hop.steps
		.filter(({backend, matched}) => backend === 'iptables-legacy' && matched === true)
		.flatMap(({family, table, chain, rule, text, verdict}): ObservedRule[] => {
			const program = family === 'ip6' ? 'ip6tables-legacy' : 'iptables-legacy';
			const begins = `${program} ${table} ${chain} ${rule === null ? 'policy' : `rule ${rule}:`}`;
			const moved = own.some(({name}) => name.startsWith(begins));
			return moved ? [{family, table, chain, handle: null, rule, text, verdict: verdict ?? 'continue', explained: true}] : [];
		});
}

/** A rule or policy of iptables-legacy there that throws packets away, and whose counter moved; undefined: none did. */
export function legacyKiller(place: string, counters: readonly MovedCounter[]): MovedCounter | undefined {
	return counters.find(one => one.place === place && /^ip6?tables-legacy .*( -j (DROP|REJECT)\b| policy DROP$)/.test(one.name));
}
