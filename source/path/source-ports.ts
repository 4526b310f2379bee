import type {Gap, NetnsFacts} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {sysctl, valueOr} from '../snapshot/netns.js';

/** The first and the last port of net.ipv4.ip_local_port_range (both families'); null where it was not read. */
export function portRange(facts: NetnsFacts): {first: number; last: number} | null {
	const [first, last] = (valueOr(facts.sysctls, {})['net.ipv4.ip_local_port_range'] ?? '').trim().split(/\s+/).map(Number);
	return first && last && first <= last ? {first, last} : null;
}

/**
 * Every connection to one address and port needs a source port of its own (EADDRNOTAVAIL, connect(2)). Where a namespace has as many TCP sockets
 * as ports to send from, each may be taken by a connection to this destination; which of them are is not read. null: one is left for certain.
 */
export function sourcePortsGap(facts: NetnsFacts, {proto, dst, dport}: WalkPacket): Gap | null {
	const range = portRange(facts);
	if (proto !== 'tcp' || range === null) return null;
	const sockets = ['TCP', 'TCP6', 'tw'].reduce((sum, name) => sum + (sysctl(facts, `sockstat.${name}`) ?? 0), 0);
	const ports = range.last - range.first + 1;
	if (sockets < ports) return null;
	const why = `there are ${sockets} TCP sockets, and only ${ports} ports to send from: whether one is left for this destination was not read`;
	return {id: 'not-read', why, tell: `ss -tanH dst ${dst} dport = :${dport}`};
}
