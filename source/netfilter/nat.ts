import {formatAddress, type Prefix, parseAddress, remap} from '../address/value.js';
import type {Gap} from '../model/index.js';
import type {Frame} from './frame.js';
import type {Effect} from './model.js';
import {hasPorts, protocolNumber} from './names.js';
import type {Tuple, WalkPacket} from './types.js';

/** What a rule asks of the address translation (struct nf_nat_range2). */
export interface NatRange {
	manip: 'src' | 'dst';
	/** null: the address stays. */
	address: {from: string; to: string} | null;
	/** The host bits stay, the network becomes this (NETMAP). */
	net: Prefix | null;
	/** null: the port stays where it can. */
	port: {from: number; to: number} | null;
	/** First port that is mapped, of a shifted range (DNAT …:from-to/base). */
	base: number | null;
	/** The port is drawn at random. */
	random: boolean;
}

/**
 * The packet after address translation by a rule, and what an answer to it looks like then. Several addresses or destination ports
 * to choose from have no fixed answer; a source port that the kernel chooses is null afterwards.
 */
export function translate(frame: Frame, range: NatRange, words: string): Effect {
	if (range.address && range.address.from !== range.address.to) return undecided(words, 'one of several addresses');
	const {packet} = frame;
	const end = range.manip;
	const address = range.address?.from ?? (range.net ? inNet(packet[end], range.net) : packet[end]);
	if (address === null) return undecided(words, 'the address was not understood');
	const port = newPort(packet, range);
	if (port === 'several') return undecided(words, 'one of several ports');
	return {kind: 'mapped', manip: end, packet: rewritten(packet, end, address, port)};
}

/** The packet with one end replaced; the reply that conntrack will expect, and whether anything changed at all, follow. */
export function rewritten(packet: WalkPacket, end: 'src' | 'dst', address: string, port: number | null): WalkPacket {
	const portField = end === 'src' ? 'sport' : 'dport';
	const changed = packet[end] !== address || packet[portField] !== port;
	if (!changed) return packet;
	const reply = packet.ctReply && repliesTo(packet, packet.ctReply, end, address, port);
	const ctNat = end === 'src' ? {...packet.ctNat, snat: true} : {...packet.ctNat, dnat: true};
	return {...packet, [end]: address, [portField]: port, ctReply: reply, ctNat};
}

/** The tuple of the answers, once one end of the first packet has become this. Without ports there is only an address to change. */
export function repliesTo({proto}: {proto: string}, reply: Tuple, end: 'src' | 'dst', address: string, port: number | null): Tuple {
	const other = end === 'src' ? {...reply, dst: address} : {...reply, src: address};
	if (!hasPorts(protocolNumber(proto))) return other;
	return end === 'src' ? {...other, dport: port} : {...other, sport: port};
}

export function undecided(words: string, why: string): Effect {
	const doubt: Gap = {id: 'no-fixed-answer', why: `${words}: ${why}`, tell: 'a trace of a real request'};
	return {kind: 'unknown', doubt};
}

function inNet(address: string, net: Prefix): string | null {
	const value = parseAddress(address);
	return value === null || typeof value !== typeof net.base ? null : formatAddress(remap(value, net));
}

function newPort(packet: WalkPacket, {manip, port, base, random}: NatRange): number | null | 'several' {
	const old = manip === 'src' ? packet.sport : packet.dport;
	// ICMP and the like have no port to translate.
	if (!hasPorts(protocolNumber(packet.proto))) return null;
	if (manip === 'src') {
		if (random) return null;
		if (port === null) return old;
		if (port.from === port.to) return port.from;
		return old !== null && port.from <= old && old <= port.to ? old : null;
	}
	// A destination port is never chosen without a range (nf_nat_l4proto_unique_tuple).
	if (port === null) return old;
	if (port.from === port.to) return port.from;
	// A shifted range keeps the distance to its base; else a port that is within the range already stays (nf_nat_l4proto_unique_tuple).
	if (base !== null) return old === null ? 'several' : port.from + ((old - base) % (port.to - port.from + 1));
	return !random && old !== null && port.from <= old && old <= port.to ? old : 'several';
}
