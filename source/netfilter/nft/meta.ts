import type {Frame} from '../frame.js';
import {packetType} from '../packet-type.js';
import type {WalkPacket} from '../types.js';
import {arrivesOn, leavesBy} from '../xt/header.js';
import * as types from './datatypes.js';
import {changing, type Expression, field, none, opaque, unknown} from './expression.js';
import type {Json} from './json.js';

/** `meta KEY` (nft(8), META EXPRESSIONS; net/netfilter/nft_meta.c). */
export function metaExpression(key: Json): Expression {
	const known = typeof key === 'string' ? keys[key] : undefined;
	if (known) return known;
	const moment = typeof key === 'string' ? moments[key] : undefined;
	return moment === undefined ? opaque(`meta ${String(key)}`) : changing(`meta ${String(key)}`, moment);
}

function named(key: string, read: (frame: Frame) => string, says: (frame: Frame) => string): Expression {
	const base = field(key, types.name, frame => read(frame));
	return {...base, says: (_value, frame) => says(frame)};
}

/** What the link is, where there is one; the kernel leaves the rule where there is none. */
function ofLink(
	key: string,
	device: (frame: Frame) => string,
	read: (link: {index: number; kind: string | null}) => string | typeof unknown,
): Expression {
	return field(key, types.word, frame => {
		if (device(frame) === '') return none;
		const link = frame.env.link(device(frame));
		return link ? read(link) : unknown;
	});
}

function groupOf(key: string, device: (frame: Frame) => string): Expression {
	return field(key, types.linkGroup, frame => {
		if (device(frame) === '') return none;
		return frame.env.link(device(frame))?.group ?? unknown;
	});
}

/** Of the sending socket, which a packet has only on its way out. On the way in it has one where a connection stands already. */
function ofSocket(key: string, read: (packet: WalkPacket) => number | null): Expression {
	return field(key, types.plainNumber, ({hook, packet}) => {
		if (packet.local && (hook === 'output' || hook === 'postrouting')) return packet.byKernel ? none : (read(packet) ?? unknown);
		return hook === 'input' && packet.ctState !== 'new' ? unknown : none;
	});
}

const iif = (frame: Frame) => frame.iif;
const oif = (frame: Frame) => frame.oif;

const keys: Record<string, Expression> = {
	iifname: named('iifname', iif, arrivesOn),
	oifname: named('oifname', oif, leavesBy),
	// nft prints the index of a link by its name.
	iif: named('iif', iif, arrivesOn),
	oif: named('oif', oif, leavesBy),
	iifkind: ofLink('meta iifkind', iif, link => link.kind ?? ''),
	oifkind: ofLink('meta oifkind', oif, link => link.kind ?? ''),
	iifgroup: groupOf('iifgroup', iif),
	oifgroup: groupOf('oifgroup', oif),
	iiftype: ofLink('meta iiftype', iif, deviceType),
	oiftype: ofLink('meta oiftype', oif, deviceType),
	mark: field('meta mark', types.hexNumber, frame => frame.packet.mark, {
		asks: ['mark'],
		says: value => `the mark is 0x${Number(value).toString(16)}`,
	}),
	nfproto: field('meta nfproto', types.nfproto, frame => (frame.packet.family === 4 ? 2 : 10)),
	protocol: field('meta protocol', types.etherType, frame => (frame.packet.family === 4 ? 0x0800 : 0x86dd)),
	l4proto: field('meta l4proto', types.protocol, frame => frame.protocol ?? unknown, {says: value => `is ${types.protocol.say(value)}`}),
	length: field('meta length', types.plainNumber, frame => frame.packet.length ?? unknown, {asks: ['length']}),
	pkttype: field('meta pkttype', types.packetTypes, frame => {
		const type = packetType(frame);
		return type === null ? unknown : (types.packetTypes.parse(type) ?? unknown);
	}),
	skuid: ofSocket('meta skuid', packet => packet.uid),
	skgid: ofSocket('meta skgid', packet => packet.gid),
};

/** The kernel's ARPHRD_ type as nft names it, of the kinds that are Ethernet or loopback. */
function deviceType({kind}: {kind: string | null}): string | typeof unknown {
	if (kind === 'loopback') return 'loopback';
	return kind === 'veth' || kind === 'bridge' || kind === 'bond' || kind === 'vlan' || kind === 'macvlan' || kind === 'dummy'
		? 'ether'
		: unknown;
}

const moments: Record<string, string> = {
	cpu: 'depends on the CPU that handles the packet',
	random: 'draws a number for each packet',
	cgroup: 'depends on the cgroup of the sending process',
	time: 'depends on the time',
	day: 'depends on the time',
	hour: 'depends on the time',
};
