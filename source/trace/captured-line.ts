import type {SeenError, SeenPacket, SeenQuestion} from '../model/index.js';
import {addressAt} from './address-at.js';
import {icmp6Error, icmpError} from './icmp-words.js';
import type {Captured} from './pcap.js';

export type Line = {packet: SeenPacket} | {question: SeenQuestion} | {error: SeenError};

/** What a line says of where and when. */
type Said = Pick<SeenPacket, 'us' | 'direction' | 'place' | 'interface'>;

/**
 * What a captured packet is: a TCP segment or a UDP datagram, a question for a neighbour or the answer to one, an ICMP error; null for any
 * other, or one that was cut before its headers end. `link` is the name of its link.
 */
export function capturedLine(captured: Captured, place: string, link: string): Line | null {
	const line = lineOf(captured, place, link);
	if (captured.strange && line && 'packet' in line) line.packet.strange = true;
	return line;
}

function lineOf({us, out, protocol, data}: Captured, place: string, link: string): Line | null {
	const seen: Said = {place, us, interface: link, direction: out ? 'out' : 'in'};
	if (protocol === 0x0806) return arp(seen, data);
	if (protocol === 0x0800 && data.length >= 20) {
		const head = ((data[0] ?? 0) & 15) * 4;
		// Of a datagram in pieces only the first one has ports.
		if ((data.readUInt16BE(6) & 0x1fff) !== 0) return null;
		const [src, dst] = [addressAt(data, 12, 4), addressAt(data, 16, 4)];
		return behind(seen, data[9] ?? 0, src, dst, data, head, data.readUInt16BE(2) - head);
	}
	if (protocol === 0x86dd && data.length >= 40) {
		const [src, dst] = [addressAt(data, 8, 16), addressAt(data, 24, 16)];
		return behind(seen, data[6] ?? 0, src, dst, data, 40, data.readUInt16BE(4));
	}
	return null;
}

/** What an IP packet carries from `at` on; `length`: bytes behind the IP header, also of those that were not captured. */
function behind(seen: Said, protocol: number, src: string, dst: string, data: Buffer, at: number, length: number): Line | null {
	const {place, us, interface: link, direction} = seen;
	const here = data.length - at;
	if (protocol === tcp && here >= 20) {
		const [sport, dport] = [data.readUInt16BE(at), data.readUInt16BE(at + 2)];
		const flags = flagsOf[(data[at + 13] ?? 0) & 31] ?? [];
		const carried = Math.max(0, length - ((data[at + 12] ?? 0) >> 4) * 4);
		return {packet: {place, us, interface: link, direction, src, dst, sport, dport, proto: 'tcp', flags, length: carried}};
	}
	if (protocol === udp && here >= 8) {
		const [sport, dport] = [data.readUInt16BE(at), data.readUInt16BE(at + 2)];
		const carried = Math.max(0, data.readUInt16BE(at + 4) - 8);
		return {packet: {place, us, interface: link, direction, src, dst, sport, dport, proto: 'udp', flags: [], length: carried}};
	}
	const message = data.subarray(at);
	if (protocol === icmp6 && here >= 24 && (message[0] === solicitation || message[0] === advertisement))
		return {question: {...seen, answer: message[0] === advertisement, address: addressAt(message, 8, 16)}};
	const says = protocol === icmp ? icmpError(message) : protocol === icmp6 ? icmp6Error(message) : null;
	return says === null ? null : {error: {...seen, src, dst, says}};
}

/** The first bytes that a TCP segment carries, at most 256, as hexadecimal digits; empty where it carries none, or is none. */
export function bytesOf({protocol, data}: Captured): string {
	const ip = protocol === 0x86dd ? 40 : ((data[0] ?? 0) & 15) * 4;
	const begin = ip + ((data[ip + 12] ?? 0) >> 4) * 4;
	return data.toString('hex', begin, begin + 256);
}

/** RFC 826, of Ethernet and IPv4: who has the address at 24 (1), or the one at 14 is here (2). */
function arp(seen: Said, data: Buffer): Line | null {
	if (data.length < 28) return null;
	const operation = data.readUInt16BE(6);
	if (operation === 1) return {question: {...seen, answer: false, address: addressAt(data, 24, 4)}};
	return operation === 2 ? {question: {...seen, answer: true, address: addressAt(data, 14, 4)}} : null;
}

/** Bits of byte 13 of the TCP header, the lowest first (RFC 9293). */
const flagNames = ['fin', 'syn', 'rst', 'psh', 'ack'];
const flagsOf = Array.from({length: 32}, (_, bits) => flagNames.filter((_, bit) => bits & (1 << bit)));

/** https://www.iana.org/assignments/protocol-numbers */
const [icmp, tcp, udp, icmp6] = [1, 6, 17, 58];
/** RFC 4861 */
const [solicitation, advertisement] = [135, 136];
