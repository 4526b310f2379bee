import {formatAddress, parseAddress, parsePrefix} from '../../address/value.js';
import {
	ctStateBits,
	ctStatusBits,
	dscpNames,
	etherTypes,
	icmpCodes,
	icmpTypes,
	icmpv6Codes,
	icmpv6Types,
	protocolNumber,
	tcpFlagBits,
} from '../names.js';
import type {Json} from './json.js';

/** A value of an expression. Addresses as AddressValue, names of interfaces as text, all else as numbers; a concatenation as a list. */
export type Scalar = number | bigint | string | boolean;
export type Value = Scalar | Part[];
/** A part of a concatenation may be the one thing of it that cannot be told. */
export const unknown = Symbol('unknown');
export type Part = Scalar | typeof unknown;

/** How the values of one type are written in a rule and said to a person (nft(8), DATA TYPES). */
export interface DataType {
	/** The value of a constant; null where it is none of this type. */
	parse(json: Json): Scalar | null;
	say(value: Scalar): string;
}

export const address: DataType = {
	parse: json => (typeof json === 'string' ? parseAddress(json) : null),
	say: value => (typeof value === 'number' || typeof value === 'bigint' ? formatAddress(value) : String(value)),
};
export const plainNumber = named({});
export const hexNumber: DataType = {parse: plainNumber.parse, say: value => `0x${Number(value).toString(16)}`};
export const name: DataType = {
	parse: json => (typeof json === 'string' ? json : typeof json === 'number' ? String(json) : null),
	say: value => `"${value}"`,
};
/** A value whose type the dump does not say: an address, a number or a name, as it looks. */
export const anyType: DataType = {
	parse: json => (typeof json === 'string' ? (parseAddress(json) ?? json) : typeof json === 'number' ? json : null),
	say: String,
};
export const macAddress: DataType = {parse: json => (typeof json === 'string' ? json.toLowerCase() : null), say: String};
export const word: DataType = {parse: json => (typeof json === 'string' ? json : null), say: String};
export const protocol: DataType = {
	parse: json => (typeof json === 'string' || typeof json === 'number' ? protocolNumber(json) : null),
	say: value => protocolNames[Number(value)] ?? String(value),
};
export const ctState = flagsOf(ctStateBits);
export const ctStatus = flagsOf(ctStatusBits);
export const tcpFlags = flagsOf(tcpFlagBits);
export const icmpType = named(icmpTypes);
export const icmpv6Type = named(icmpv6Types);
/** Of destination-unreachable. */
export const icmpCode = named(icmpCodes);
export const icmpv6Code = named(icmpv6Codes);
export const dscp = named(dscpNames);
export const etherType = named(etherTypes);
/** Only this name is in every host's /etc/iproute2/group. */
export const linkGroup = named({default: 0});
export const nfproto = named({ipv4: 2, ipv6: 10});
/** if_packet.h PACKET_* */
export const packetTypes = named({unicast: 0, host: 0, broadcast: 1, multicast: 2, other: 3, otherhost: 3});

/** A constant with a network: base and length; null where it is none. */
export function prefixOf(json: Json): {base: number | bigint; length: number} | null {
	if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
	const {addr, len} = json;
	return typeof addr === 'string' && typeof len === 'number' ? parsePrefix(`${addr}/${len}`) : null;
}

/** Numbers, some of which have a name; several names are ORed. */
function named(names: Record<string, number>): DataType {
	const say = (value: Scalar) => {
		const found = Object.entries(names).find(([, number]) => number === value);
		return found?.[0] ?? String(value);
	};
	return {
		say,
		parse(json) {
			if (typeof json === 'number') return json;
			if (typeof json !== 'string') return null;
			// nft 1.0.6 has no type for the ports of a connection's tuple where they stand in a set: "0x50 [invalid type]".
			const number = /^(0x[\da-f]+|\d+)(?: \[invalid type\])?$/i.exec(json)?.[1];
			return names[json] ?? (number === undefined ? null : Number(number));
		},
	};
}

/** Bits with names: several stand side by side. */
function flagsOf(names: Record<string, number>): DataType {
	const say = (value: Scalar) => {
		const set = Object.entries(names).filter(([, bit]) => (Number(value) & bit) !== 0);
		return set.length === 0 ? '0x0' : set.map(([name]) => name).join(',');
	};
	return {...named(names), say};
}

const protocolNames: Record<number, string> = {
	1: 'icmp',
	6: 'tcp',
	17: 'udp',
	47: 'gre',
	50: 'esp',
	51: 'ah',
	58: 'ipv6-icmp',
	132: 'sctp',
};
