import {type Frame, hasFrame} from '../frame.js';
import type {WalkPacket} from '../types.js';
import {portOf, tcpFlags} from '../xt/ports.js';
import type {Scalar} from './datatypes.js';
import * as types from './datatypes.js';
import {type Expression, field, none, opaque, unknown} from './expression.js';
import {asObject, type Json} from './json.js';

type FieldRead = Scalar | typeof none | typeof unknown;

/** Fields of the headers (nft(8), PAYLOAD EXPRESSIONS). A packet without that header leaves the rule. */
export function payloadExpression(json: Json): Expression {
	const object = asObject(json);
	if (object?.base !== undefined) return rawPayload(String(object.base), Number(object.offset), Number(object.len));
	const protocol = String(object?.protocol ?? '');
	const name = String(object?.field ?? '');
	const header = headers[protocol];
	const known = header?.fields[name];
	const words = `${protocol} ${name}`;
	if (header && known)
		return field(words, known.type, frame => (header.has(frame) ? known.read(frame) : none), {
			asks: known.asks,
			says: known.says,
			field: known.field,
		});
	if (!header) return opaque(words);
	// An unknown field of a known header is no question to a packet without that header, and may stand beside others that are known.
	return {...opaque(words), types: [types.plainNumber], read: frame => (header.has(frame) ? unknown : none)};
}

/** Where a rule names bytes instead of fields: those that are fields all the same. */
function rawPayload(base: string, offset: number, length: number): Expression {
	const words = `@${base},${offset},${length}`;
	const known = rawFields[`${base} ${offset} ${length}`];
	if (known) return {...payloadExpression(known), words};
	return base === 'th' && length > 0 && offset + length <= 32 ? portBits(words, offset, length) : opaque(words);
}

/** Where the ports stand in headers that have some: two bytes each. ICMP has its type and code there, then a checksum. */
function firstBytes(frame: Frame, end: 'sport' | 'dport'): number | typeof unknown {
	const port = portOf(frame, end);
	if (port !== 'none') return port ?? unknown;
	const {icmpType, icmpCode} = frame.packet;
	return end === 'sport' && icmpType !== null && icmpCode !== null ? icmpType * 256 + icmpCode : unknown;
}

/** Any bits of both ports, which stand side by side in front of every transport header that has some. */
function portBits(words: string, offset: number, length: number): Expression {
	const read = (frame: Frame): FieldRead => {
		const [sport, dport] = [firstBytes(frame, 'sport'), firstBytes(frame, 'dport')];
		if (typeof sport !== 'number' || typeof dport !== 'number') return unknown;
		return Math.floor((sport * 65_536 + dport) / 2 ** (32 - offset - length)) % 2 ** length;
	};
	return field(words, types.plainNumber, read, {asks: ['sport']});
}

const rawFields: Record<string, {protocol: string; field: string}> = {
	'th 0 16': {protocol: 'th', field: 'sport'},
	'th 16 16': {protocol: 'th', field: 'dport'},
	'nh 96 32': {protocol: 'ip', field: 'saddr'},
	'nh 128 32': {protocol: 'ip', field: 'daddr'},
};

interface Field {
	type: types.DataType;
	read(frame: Frame): FieldRead;
	asks?: readonly string[];
	says?: (value: Scalar) => string;
	field?: 'dst' | 'dport';
}

function port(end: 'sport' | 'dport'): Field {
	return {
		type: types.plainNumber,
		read(frame) {
			const value = portOf(frame, end);
			return value === 'none' ? none : (value ?? unknown);
		},
		asks: end === 'sport' ? ['sport'] : [],
		...(end === 'dport' ? {field: 'dport'} : {}),
		says: value => `${end === 'sport' ? 'from' : 'to'} port ${value}`,
	};
}

function number(
	read: (packet: WalkPacket) => number | null,
	type: types.DataType = types.plainNumber,
	asks: readonly string[] = [],
): Field {
	return {type, read: frame => read(frame.packet) ?? unknown, asks};
}

function mac(read: (packet: WalkPacket) => string | null, asks: readonly string[] = []): Field {
	return {type: types.macAddress, read: frame => read(frame.packet)?.toLowerCase() ?? unknown, asks};
}

const source: Field = {
	type: types.address,
	read: frame => frame.src ?? unknown,
	asks: ['saddr'],
	says: value => `from ${types.address.say(value)}`,
};
const destination: Field = {
	type: types.address,
	read: frame => frame.dst ?? unknown,
	field: 'dst',
	says: value => `to ${types.address.say(value)}`,
};
const both = {sport: port('sport'), dport: port('dport')};
const icmpId = number(packet => packet.icmpId);
const protocolIs = (wanted: number) => (frame: Frame) => frame.protocol === wanted;

const headers: Record<string, {has(frame: Frame): boolean; fields: Record<string, Field>}> = {
	ip: {
		has: frame => frame.packet.family === 4,
		fields: {
			saddr: source,
			daddr: destination,
			protocol: {type: types.protocol, read: frame => frame.protocol ?? unknown, says: value => `is ${types.protocol.say(value)}`},
			ttl: number(packet => packet.ttl, types.plainNumber, ['ttl']),
			length: number(packet => packet.length, types.plainNumber, ['length']),
			dscp: number(packet => packet.dscp, types.dscp, ['dscp']),
			version: number(() => 4),
			'frag-off': number(() => 0),
		},
	},
	ip6: {
		has: frame => frame.packet.family === 6,
		fields: {
			saddr: source,
			daddr: destination,
			// Without extension headers, as a walked packet is, the next header is the protocol.
			nexthdr: {type: types.protocol, read: frame => frame.protocol ?? unknown, says: value => `is ${types.protocol.say(value)}`},
			hoplimit: number(packet => packet.ttl, types.plainNumber, ['ttl']),
			dscp: number(packet => packet.dscp, types.dscp, ['dscp']),
			version: number(() => 6),
		},
	},
	th: {
		has: () => true,
		fields: {
			sport: {...both.sport, read: frame => firstBytes(frame, 'sport')},
			dport: {...both.dport, read: frame => firstBytes(frame, 'dport')},
		},
	},
	tcp: {
		has: protocolIs(6),
		fields: {
			...both,
			flags: {type: types.tcpFlags, read: tcpFlags, says: value => `has the flags ${types.tcpFlags.say(value)}`, asks: ['flags']},
		},
	},
	udp: {has: protocolIs(17), fields: both},
	udplite: {has: protocolIs(136), fields: both},
	sctp: {has: protocolIs(132), fields: both},
	dccp: {has: protocolIs(33), fields: both},
	icmp: {
		has: protocolIs(1),
		fields: {type: number(packet => packet.icmpType, types.icmpType), code: number(packet => packet.icmpCode, types.icmpCode), id: icmpId},
	},
	icmpv6: {
		has: protocolIs(58),
		fields: {
			type: number(packet => packet.icmpType, types.icmpv6Type),
			code: number(packet => packet.icmpCode, types.icmpv6Code),
			id: icmpId,
		},
	},
	// Where there is none the kernel leaves the rule.
	ether: {
		has: hasFrame,
		fields: {
			saddr: mac(packet => packet.smac, ['smac']),
			daddr: mac(packet => packet.dmac),
			type: number(packet => (packet.family === 4 ? 0x0800 : 0x86dd), types.etherType),
		},
	},
	esp: {has: protocolIs(50), fields: {}},
	ah: {has: protocolIs(51), fields: {}},
	comp: {has: protocolIs(108), fields: {}},
	igmp: {has: protocolIs(2), fields: {}},
	arp: {has: () => false, fields: {}},
};
