import type {Hop, Path, SeenPacket} from '../model/index.js';
import type {Death} from './locate.js';
import type {Phase, Scene} from './scene.js';

/**
 * Packets that die for their size: one place shows a packet of so many bytes, sent again since nobody acknowledged it, and the next place that
 * shows packets has got fewer bytes than that in all. (Links cut and join what they carry, so that single packets cannot be compared.)
 * null: nothing tells that.
 */
export function tooLarge({hops, reply}: Pick<Path, 'hops' | 'reply'>, scene: Scene): {lost: 'later' | 'answer'; death: Death} | null {
	const later = along(hops, scene, 'later');
	if (later) return {lost: 'later', death: later};
	const data = along(reply?.hops ?? [], scene, 'data');
	return data && {lost: 'answer', death: data};
}

function along(hops: readonly Hop[], scene: Scene, phase: Phase): Death | null {
	let before: {at: number; connection: number; repeated: number} | null = null;
	for (const [at, hop] of hops.entries()) {
		const place = scene.placeOf(hop);
		if (!links.has(hop.kind) || hop.name === '' || scene.sightOf(place)?.packets !== null) continue;
		const all = scene.packets(place, hop.connection, phase).filter(one => one.interface === hop.name);
		if (all.length === 0) continue;
		const bytes = total(all);
		if (before && before.connection === hop.connection && before.repeated > bytes)
			return {at, how: 'vanished', rule: null, last: before.at, larger: before.repeated};
		before = {at, connection: hop.connection, repeated: repeated(all)};
	}
	return null;
}

const links = new Set<Hop['kind']>(['nic', 'bridge', 'veth', 'interface']);

/** All bytes that a link shows, once for each direction that it shows them in. */
function total(packets: readonly SeenPacket[]): number {
	const sums = ['in', 'out'].map(way => packets.filter(({direction}) => direction === way).reduce((sum, {length}) => sum + length, 0));
	return Math.max(...sums);
}

/** The largest size that came twice by one link, the same way; 0: none did. */
function repeated(packets: readonly SeenPacket[]): number {
	const counts = new Map<string, number>();
	for (const {direction, length} of packets) counts.set(`${direction} ${length}`, (counts.get(`${direction} ${length}`) ?? 0) + 1);
	return Math.max(0, ...[...counts].flatMap(([key, count]) => (count > 1 ? [Number(key.split(' ')[1])] : [])));
}
