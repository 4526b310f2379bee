import type {Hop, Packet, Path} from '../model/index.js';
import type {Observed} from './proof.js';
import type {Sight} from './sight.js';

/** Hops that show something else than was explained: seen behind the stop or not seen before it, rewritten otherwise, stopping otherwise, or decided by another rule. */
export function differences(explained: Path, seen: Path, sights: readonly Sight[], facts: readonly Observed[]): number[] {
	const stop = explained.lost === 'request' ? explained.blockedAt : null;
	const detour = stop !== null && ['misrouted', 'answered-by-another', 'wrong-neighbour'].includes(explained.hops[stop]?.cause ?? '');
	// Behind a hop that could not be told the way itself is a guess.
	const doubt = explained.verdict === 'undetermined' ? explained.hops.findIndex(({verdict}) => verdict === 'undetermined') : -1;
	return explained.hops.flatMap((hop, index) => {
		if (doubt !== -1 && index >= doubt) return [];
		const {seen: wasSeen, after} = sights[index] as Sight;
		if (hop.verdict === 'undetermined') return [];
		const expected = stop === null || index < stop ? true : index === stop || detour ? null : false;
		const misplaced = wasSeen !== null && expected !== null && wasSeen !== expected;
		const observed = seen.hops[index];
		const stopsOtherwise = observed !== undefined && (observed.verdict === 'blocks') !== (hop.verdict === 'blocks') && wasSeen !== null;
		return misplaced || stopsOtherwise || rewrittenOtherwise(hop, after) || decidedOtherwise(facts[index]) ? [index] : [];
	});
}

/** The destination behind the hook is another than explained, or the source address is. (Which port source NAT takes is free.) */
function rewrittenOtherwise(hop: Hop, after: Packet | null): boolean {
	if (after === null || hop.kind !== 'netfilter') return false;
	const expected = hop.packetAfter ?? hop.packet;
	return (
		after.dst !== expected.dst ||
		after.dport !== expected.dport ||
		(hop.packetAfter !== null && expected.src !== hop.packet.src && after.src !== expected.src)
	);
}

/** The kernel names a rule that decided, and the walk had said that this one does not match. */
function decidedOtherwise(observed: Observed | undefined): boolean {
	return observed?.rules.some(({explained, verdict}) => explained === false && /^(accept|drop)$/.test(verdict)) ?? false;
}
