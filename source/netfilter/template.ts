import type {Effect} from './model.js';
import type {WalkPacket, Zone} from './types.js';

/**
 * What a rule does that asks conntrack for something before it looks at the packet: a zone, a helper (nf_ct_tmpl_alloc). The first such
 * rule counts, and a packet that has its entry already is left alone (xt_ct_target, nft_ct_set_zone_eval).
 */
export function askConntrack(packet: WalkPacket, zone?: Zone): Effect {
	if (packet.ctState !== null) return {kind: 'next'};
	const any = packet.family === 4 ? '0.0.0.0' : '::';
	const nothing = {src: any, dst: any, sport: 0, dport: 0};
	const template = {ctState: 'new', ctMark: 0, ctDirection: 'original', ctOriginal: nothing, ctReply: nothing, ctTemplate: true} as const;
	return {kind: 'next', packet: {...packet, ...template, ctNat: {snat: false, dnat: false}, ...(zone ? {ctZone: zone} : {})}};
}

/** The same packet as conntrack takes it: without what only the rules before it saw. */
export function withoutTemplate({ctTemplate: _, ...packet}: WalkPacket): WalkPacket {
	const {ctZone, mark} = packet;
	// A number of 16 bits (nf_ct_zone_tmpl).
	return {...packet, ctState: null, ...(ctZone?.byMark ? {ctZone: {id: mark & 0xffff, of: ctZone.of}} : {})};
}
