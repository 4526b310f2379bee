import {addressAt} from './address-at.js';

/**
 * What an ICMP error says of the packet that it came for (RFC 792: destination unreachable, time exceeded), in the words of tcpdump:
 * "172.17.0.4 udp port 99 unreachable"; null for any other message.
 */
export function icmpError(data: Buffer): string | null {
	const [type, code = 0] = data;
	if (data.length < 28) return null;
	if (type === 11) return code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
	if (type !== 3) return null;
	const to = addressAt(data, 24, 4);
	const head = 8 + ((data[8] ?? 0) & 15) * 4;
	if (code === 2) return `${to} protocol ${data[17]} unreachable`;
	if (code === 3) return portUnreachable(to, data[17] ?? 0, data, head);
	if (code === 4) return `${to} unreachable - need to frag (mtu ${data.readUInt16BE(6)})`;
	return `${netCodes.has(code) ? 'net' : 'host'} ${to} unreachable${why[code] ? ` - ${why[code]}` : ''}`;
}

/** The same of ICMPv6 (RFC 4443). */
export function icmp6Error(data: Buffer): string | null {
	const [type, code = 0] = data;
	if (data.length < 48) return null;
	const to = addressAt(data, 32, 16);
	if (type === 2) return `packet too big, mtu ${data.readUInt32BE(4)}`;
	if (type === 3) return code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
	if (type !== 1) return null;
	if (code === 4) return portUnreachable(to, data[14] ?? 0, data, 48);
	return `host ${to} unreachable${why6[code] ? ` - ${why6[code]}` : ''}`;
}

/** `head`: where the header behind the IP header of the packet that was sent begins. */
function portUnreachable(to: string, protocol: number, data: Buffer, head: number): string {
	if (data.length < head + 4) return `${to} port unreachable`;
	const port = data.readUInt16BE(head + 2);
	const name = {6: 'tcp', 17: 'udp'}[protocol];
	return name ? `${to} ${name} port ${port} unreachable` : `${to} protocol ${protocol} port ${port} unreachable`;
}

/** Codes that are about a network (RFC 792, RFC 1122, RFC 1812); the others are about a host. */
const netCodes = new Set([0, 6, 9, 11]);
const why: Record<number, string> = {
	5: 'source route failed',
	6: 'unknown',
	7: 'unknown',
	8: 'source host isolated',
	9: 'admin prohibited',
	10: 'admin prohibited',
	11: 'tos prohibited',
	12: 'tos prohibited',
	13: 'admin prohibited filter',
	14: 'host precedence violation',
	15: 'precedence cutoff',
};
const why6: Record<number, string> = {
	0: 'no route',
	1: 'admin prohibited',
	2: 'beyond scope',
	5: 'source address failed',
	6: 'reject route',
};
