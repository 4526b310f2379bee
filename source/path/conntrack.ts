import type {NetnsFacts} from '../model/index.js';
import {hasPorts, icmpAnswerTo, protocolNumber} from '../netfilter/names.js';
import {repliesTo} from '../netfilter/nat.js';
import type {Socketpair, Tuple, WalkPacket, Zone} from '../netfilter/types.js';
import {zoneNumber} from '../netfilter/zone.js';
import {sysctl} from '../snapshot/netns.js';
import type {Site} from './world.js';

/** A connection as conntrack keeps it in one namespace: both directions, the NAT between them, its mark. */
export interface Connection {
	proto: string;
	original: Tuple;
	reply: Tuple;
	mark: number;
	/** Absent: the default one. */
	zone: Zone | undefined;
	nat: {snat: boolean; dnat: boolean};
	decided: {src: boolean; dst: boolean};
	/** Its first packet has passed all hooks: from now on packets are ESTABLISHED once an answer was seen. */
	answered: boolean;
}

/** Connections by namespace (Site.key). */
export type ConntrackTable = Map<string, Connection[]>;

/** The packet as conntrack sees it when it enters a namespace (prerouting) or is made there (output): in its zone, the default one as a rule. */
export function track(table: ConntrackTable, {key, facts}: Site, packet: WalkPacket): WalkPacket {
	const tuple = tupleOf(packet);
	const known = table.get(key)?.find(one => one.proto === packet.proto && directionOf(one, tuple, packet.ctZone) !== null);
	if (known ? isTooEarly(known, packet, tuple) : !canBegin(packet, facts)) return untold(packet);
	const connection = known ?? begin(packet, tuple);
	const direction = directionOf(connection, tuple, packet.ctZone) ?? 'original';
	return {
		...packet,
		ctZone: connection.zone,
		ctState: connection.answered || direction === 'reply' ? 'established' : 'new',
		ctMark: connection.mark,
		ctDirection: direction,
		ctOriginal: connection.original,
		ctReply: connection.reply,
		ctNat: connection.nat,
		ctDecided: connection.decided,
		ctRewrite: rewriteOf(connection, direction),
	};
}

/** Keeps what a hook made of the packet: the entry that it begins, marks, NAT of the first packet. Without tracking there is none. */
export function remember(table: ConntrackTable, key: string, before: WalkPacket, after: WalkPacket): void {
	const {ctOriginal, ctState, ctZone} = after;
	if (!ctOriginal || ctState === 'untracked') return;
	const connections = table.get(key) ?? [];
	table.set(key, connections);
	const isFirst = ctState === 'new' && after.ctDirection === 'original';
	const known = connections.find(one => one.proto === after.proto && directionOf(one, ctOriginal, ctZone) === 'original');
	if (!known && !isFirst) return;
	const connection = known ?? begin(after, ctOriginal);
	if (!known) connections.push(connection);
	if (after.ctDirection === 'reply') connection.answered = true;
	connection.mark = after.ctMark;
	if (!isFirst) return;
	connection.decided = after.ctDecided;
	if (after.dst !== before.dst || after.dport !== before.dport) {
		connection.nat = {...connection.nat, dnat: true};
		connection.reply = repliesTo(after, connection.reply, 'dst', after.dst, after.dport);
	}
	if (after.src !== before.src || after.sport !== before.sport) {
		connection.nat = {...connection.nat, snat: true};
		connection.reply = repliesTo(after, connection.reply, 'src', after.src, after.sport);
	}
}

/**
 * A connection of TCP begins with a SYN alone; one under way is picked up by an ACK where nf_conntrack_tcp_loose is on (tcp_new). One of
 * ICMP begins with a question (nf_conntrack_icmp_packet).
 */
function canBegin({proto, tcpFlags, family, icmpType}: WalkPacket, facts: NetnsFacts): boolean {
	if (isIcmp(proto)) return icmpType !== null && icmpAnswerTo(family, icmpType) !== null;
	if (proto !== 'tcp') return true;
	const has = (flag: string) => tcpFlags.includes(flag);
	if (has('rst') || has('fin')) return false;
	return has('syn') ? !has('ack') : has('ack') && sysctl(facts, 'net.netfilter.nf_conntrack_tcp_loose') !== 0;
}

/** An ACK before conntrack has seen the answer to the SYN (tcp_conntracks: SYN_SENT, original direction). */
function isTooEarly({answered, original}: Connection, packet: WalkPacket, tuple: Tuple): boolean {
	return packet.proto === 'tcp' && !answered && same(original, tuple) && !packet.tcpFlags.includes('syn');
}

/** A packet that belongs to no connection and begins none. */
function untold(packet: WalkPacket): WalkPacket {
	return {
		...packet,
		ctState: 'invalid',
		ctMark: 0,
		ctDirection: 'original',
		ctOriginal: null,
		ctReply: null,
		ctNat: noNat,
		ctDecided: undecided,
		ctRewrite: noRewrite,
	};
}

function begin({proto, family, icmpType, icmpCode, ctZone: zone}: WalkPacket, original: Tuple): Connection {
	const ports = isIcmp(proto)
		? {sport: original.sport, dport: icmpTypeAndCode(icmpType === null ? null : icmpAnswerTo(family, icmpType), icmpCode)}
		: {sport: original.dport, dport: original.sport};
	const reply = {src: original.dst, dst: original.src, ...ports};
	return {proto, original, reply, mark: 0, zone, nat: noNat, decided: undecided, answered: false};
}

function rewriteOf(connection: Connection, direction: 'original' | 'reply'): WalkPacket['ctRewrite'] {
	const {proto, original, reply, nat, answered} = connection;
	if ((!answered && direction === 'original') || !(nat.snat || nat.dnat)) return noRewrite;
	const end = (address: string, port: number | null): Socketpair => ({address, port: hasPorts(protocolNumber(proto)) ? port : null});
	if (direction === 'reply') {
		return {
			dst: nat.snat ? end(original.src, original.sport) : null,
			src: nat.dnat ? end(original.dst, original.dport) : null,
		};
	}
	return {
		dst: nat.dnat ? end(reply.src, reply.sport) : null,
		src: nat.snat ? end(reply.dst, reply.dport) : null,
	};
}

const noNat = {snat: false, dnat: false} as const;
const undecided = {src: false, dst: false} as const;
const noRewrite = {src: null, dst: null} as const;

/** In which direction a packet of this tuple belongs to the connection; null: it does not (nf_ct_key_equal). */
function directionOf({original, reply, zone}: Connection, tuple: Tuple, asked: Zone | undefined): 'original' | 'reply' | null {
	if (same(original, tuple) && zoneNumber(zone, 'original') === zoneNumber(asked, 'original')) return 'original';
	return same(reply, tuple) && zoneNumber(zone, 'reply') === zoneNumber(asked, 'reply') ? 'reply' : null;
}

function tupleOf({proto, src, dst, sport, dport, icmpId, icmpType, icmpCode}: WalkPacket): Tuple {
	return isIcmp(proto) ? {src, dst, sport: icmpId, dport: icmpTypeAndCode(icmpType, icmpCode)} : {src, dst, sport, dport};
}

function icmpTypeAndCode(type: number | null, code: number | null): number | null {
	return type === null ? null : type * 256 + (code ?? 0);
}

function isIcmp(proto: string): boolean {
	const number = protocolNumber(proto);
	return number === 1 || number === 58;
}

function same(a: Tuple, b: Tuple): boolean {
	return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport;
}
