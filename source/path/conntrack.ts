import type {Tuple, WalkPacket} from '../netfilter/types.js';

/** A connection as conntrack keeps it in one namespace: both directions, the NAT between them, its mark. */
export interface Connection {
	proto: string;
	original: Tuple;
	reply: Tuple;
	mark: number;
	nat: {snat: boolean; dnat: boolean};
	decided: {src: boolean; dst: boolean};
	/** Its first packet has passed all hooks: from now on packets are ESTABLISHED once an answer was seen. */
	answered: boolean;
}

/** Connections by namespace (Site.key). */
export type ConntrackTable = Map<string, Connection[]>;

/** The packet as conntrack sees it when it enters a namespace (prerouting) or is made there (output). */
export function track(table: ConntrackTable, key: string, packet: WalkPacket): WalkPacket {
	const connections = table.get(key) ?? [];
	table.set(key, connections);
	const tuple = tupleOf(packet);
	const known = connections.find(one => one.proto === packet.proto && (same(one.original, tuple) || same(one.reply, tuple)));
	const connection = known ?? begin(packet.proto, tuple);
	if (!known) connections.push(connection);
	const direction = known && !same(known.original, tuple) ? 'reply' : 'original';
	if (direction === 'reply') connection.answered = true;
	return {
		...packet,
		ctState: connection.answered ? 'established' : 'new',
		ctMark: connection.mark,
		ctDirection: direction,
		ctOriginal: connection.original,
		ctReply: connection.reply,
		ctNat: {...connection.nat},
		ctDecided: {...connection.decided},
		ctRewrite: rewriteOf(connection, direction),
	};
}

/** Keeps what a hook made of the packet: marks, NAT of the first packet, or that it is not tracked at all. */
export function remember(table: ConntrackTable, key: string, before: WalkPacket, after: WalkPacket): void {
	const connections = table.get(key) ?? [];
	const connection = connections.find(one => one.proto === before.proto && before.ctOriginal && same(one.original, before.ctOriginal));
	if (!connection) return;
	if (after.ctState === 'untracked') {
		connections.splice(connections.indexOf(connection), 1);
		return;
	}
	connection.mark = after.ctMark;
	if (before.ctState !== 'new' || before.ctDirection !== 'original') return;
	connection.decided = {...after.ctDecided};
	if (after.dst !== before.dst || after.dport !== before.dport) {
		connection.nat.dnat = true;
		connection.reply = {...connection.reply, src: after.dst, sport: after.dport};
	}
	if (after.src !== before.src || after.sport !== before.sport) {
		connection.nat.snat = true;
		connection.reply = {...connection.reply, dst: after.src, dport: after.sport};
	}
}

function begin(proto: string, original: Tuple): Connection {
	const reply = {src: original.dst, dst: original.src, sport: original.dport, dport: original.sport};
	return {proto, original, reply, mark: 0, nat: {snat: false, dnat: false}, decided: {src: false, dst: false}, answered: false};
}

function rewriteOf(connection: Connection, direction: 'original' | 'reply'): WalkPacket['ctRewrite'] {
	const {original, reply, nat, answered} = connection;
	if (direction === 'reply') {
		return {
			dst: nat.snat ? {address: original.src, port: original.sport} : null,
			src: nat.dnat ? {address: original.dst, port: original.dport} : null,
		};
	}
	if (!answered) return {dst: null, src: null};
	return {
		dst: nat.dnat ? {address: reply.src, port: reply.sport} : null,
		src: nat.snat ? {address: reply.dst, port: reply.dport} : null,
	};
}

function tupleOf(packet: WalkPacket): Tuple {
	return {src: packet.src, dst: packet.dst, sport: packet.sport, dport: packet.dport};
}

function same(a: Tuple, b: Tuple): boolean {
	return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport;
}
