import type {Hop} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {push} from './trail.js';
import type {Walk} from './walker.js';

/** Adds the place that a packet which left by `nic` goes to: nothing on this host tells what becomes of it there. Not reached, as long as nothing else is said. */
export function outsideHop(walk: Walk, packet: WalkPacket, nic: string): Hop {
	const hop = push(walk.trail, null, {
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
	hop.verdict = 'notReached';
	return hop;
}
