import type {WalkPacket} from './types.js';

/** The packet after a rule has added it to a set (or taken it out): the set's dump no longer says all about it. */
export function touching(packet: WalkPacket, set: string): WalkPacket {
	const before = packet.touchedSets ?? [];
	return before.includes(set) ? packet : {...packet, touchedSets: [...before, set]};
}
