import type {Zone} from './types.js';

/** The number by which one direction of a connection is looked up (nf_ct_zone_id). */
export function zoneNumber(zone: Zone | undefined, direction: 'original' | 'reply'): number {
	return zone && (zone.of === 'both' || zone.of === direction) ? zone.id : 0;
}
