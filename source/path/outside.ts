import type {WalkPacket} from '../netfilter/types.js';
import {push} from './trail.js';
import type {Walk} from './walker.js';

/** Adds the place that a packet which left by `nic` goes to: nothing on this host tells what becomes of it there. */
export function outsideHop(walk: Walk, packet: WalkPacket, nic: string): void {
	push(walk.trail, null, {
		kind: 'outside',
		where: 'outside',
		name: packet.dst,
		address: packet.dst,
		port: packet.dport,
		packet,
		gap: {
			id: 'out-of-sight',
			why: `what lies behind ${nic} cannot be seen from here`,
			tell: `traceroute ${packet.dst}`,
		},
	});
}
