import type {Frame} from './frame.js';

/**
 * The socket that the kernel would find for a packet before it is delivered (nf_sk_lookup_slow_v4). null: not known, as for all packets
 * behind the first one of a connection, which may have a socket of their own.
 */
export function socketFor(frame: Frame): 'none' | 'any' | 'bound' | null {
	const {packet, hook} = frame;
	// What is made here has its sender's.
	if (hook === 'output' || hook === 'postrouting') return null;
	const opens = packet.proto === 'tcp' ? packet.tcpFlags.includes('syn') && !packet.tcpFlags.includes('ack') : packet.ctState === 'new';
	if (packet.proto !== 'tcp' && packet.proto !== 'udp') return 'none';
	return opens ? frame.env.listener(packet) : null;
}

/**
 * Whether a transparent proxy may be there to take the packet: on this address (the first one of the link that it came in by, where none
 * is given) and port (the packet's own). Whether the socket there is a transparent one was not read.
 */
export function proxyMayTake(frame: Frame, address: string | null, port: number | null): boolean {
	const {packet, env} = frame;
	if (packet.proto !== 'tcp' && packet.proto !== 'udp') return false;
	const dst = address ?? env.firstAddress(frame.iif, packet.family) ?? packet.dst;
	return env.listener({...packet, dst, dport: port ?? packet.dport}) !== 'none';
}
