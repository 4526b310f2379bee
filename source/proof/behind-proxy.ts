import {canonical} from '../address/ip.js';
import type {Path, SeenPacket, Trace} from '../model/index.js';
import {type End, type Headers, isAt} from './connection-end.js';

export interface Joined {
	/**
	 * bytes: it passes on what ours sent; time: it is the only one that was opened while ours was open; several: these cannot be told apart;
	 * undialled: it has taken ours and opened none; unseen: too much was missed to tell; none: it has not got ours.
	 */
	how: 'bytes' | 'time' | 'several' | 'undialled' | 'unseen' | 'none';
	client: End | null;
}

/** The client's end of the connection that docker-proxy opened for ours, whose client's ends are `ours` and which began at `began`. */
export function behindProxy(path: Pick<Path, 'hops'>, trace: Trace, connection: number, began: number, ours: End[]): Joined {
	const own = trace.packets.filter(one => ours.some(end => isAt(end, one.src, one.sport) || isAt(end, one.dst, one.dport)));
	const from = acceptedAt(trace, own, ours, began);
	if (from.packets === null && from.passes === null) return {how: 'none', client: null};
	const found = candidates(path, trace, connection, ours, own, from);
	const known = found.map(client => ({client, same: passesOn(trace, ours, client)}));
	const same = known.filter(one => one.same === true);
	if (same.length === 0 && !isWhole(trace)) return {how: 'unseen', client: null};
	const [one, ...more] = same.length > 0 ? same : known.filter(other => other.same === null);
	if (!one) return {how: 'undialled', client: null};
	if (more.length > 0) return {how: 'several', client: null};
	return {how: same.length > 0 ? 'bytes' : 'time', client: one.client};
}

/** Every connection that this host opened was seen: as packets, or by the rules. */
function isWhole({sights}: Trace): boolean {
	const host = sights.find(({place}) => place === 'host');
	return host !== undefined && (host.packets === null || (host.rules === null && !host.leftOut?.opening));
}

/** Connections to its target that were opened while ours was open: docker-proxy dials as soon as it has accepted. */
function candidates(
	path: Pick<Path, 'hops'>,
	trace: Trace,
	connection: number,
	ours: End[],
	own: SeenPacket[],
	from: {packets: number | null; passes: number | null},
): End[] {
	const target = path.hops.find(hop => hop.connection === connection)?.packet;
	if (!target) return [];
	const {proto} = trace.plan.first;
	const closed = own.filter(({flags}) => flags.includes('fin') || flags.includes('rst')).map(({us}) => us);
	const until = closed.length > 0 ? Math.min(...closed) : Number.POSITIVE_INFINITY;
	const opens = (one: Headers & {us: number; flags: string[]}, first: number | null, last: number) =>
		first !== null &&
		one.us >= first &&
		one.us <= last &&
		one.proto === proto &&
		canonical(one.dst) === canonical(target.dst) &&
		one.dport === target.dport &&
		(proto === 'udp' || (one.flags.includes('syn') && !one.flags.includes('ack'))) &&
		!ours.some(end => isAt(end, one.src, one.sport)) &&
		!trace.dialling.some(({src, sport}) => src === one.src && sport === one.sport);
	const packets = trace.packets.filter(one => opens(one, from.packets, until));
	// A packet that waits for its neighbour shows only where it was made (and its time there is when nft told of it: a little later).
	const made = trace.passes.filter(({place}) => place === 'host').map(({us, packet, flags}) => ({...packet, us, flags}));
	const found = packets.length > 0 ? packets : made.filter(one => opens(one, from.passes, Number.POSITIVE_INFINITY));
	const ends = found.flatMap(({src, sport}) => (sport === null ? [] : [[`${src} ${sport}`, {address: src, port: sport}] as const]));
	return [...new Map<string, End>(ends).values()];
}

/**
 * From when on docker-proxy may have dialled for ours: it does when it has accepted (TCP: behind the SYN-ACK), or when the datagram has come
 * through INPUT. By the clock of the packets and by that of the rules; null: it has got nothing of ours.
 */
function acceptedAt(trace: Trace, own: SeenPacket[], ours: End[], began: number): {packets: number | null; passes: number | null} {
	const passes = trace.passes.filter(({place, layer}) => place === 'host' && layer === 'ip');
	const earliest = (times: number[]) => (times.length > 0 ? times.reduce((least, us) => Math.min(least, us)) : null);
	if (trace.plan.first.proto === 'udp') {
		const mine = passes.filter(({packet}) => ours.some(end => isAt(end, packet.src, packet.sport)));
		const came = mine.filter(({hook, edge}) => hook === 'input' && edge === 'last').map(({us}) => us);
		if (mine.length > 0) return {packets: came.length > 0 ? began : null, passes: earliest(came)};
		return {packets: began, passes: null};
	}
	const accepts = ({flags}: {flags: string[]}, dst: string, dport: number | null) =>
		flags.includes('syn') && flags.includes('ack') && ours.some(end => isAt(end, dst, dport));
	return {
		packets: earliest(own.filter(one => accepts(one, one.dst, one.dport)).map(({us}) => us)),
		passes: earliest(passes.filter(one => accepts(one, one.packet.dst, one.packet.dport)).map(({us}) => us)),
	};
}

/** Whether a connection carries the same bytes as ours: docker-proxy passes them on as they are, cut where it likes. null: not seen. */
export function passesOn({bytes}: Trace, ours: End[], theirs: End): boolean | null {
	const sent = (ends: End[]) =>
		bytes
			.filter(one => ends.some(end => isAt(end, one.src, one.sport)))
			.map(({hex}) => hex)
			.find(hex => hex.length >= leastDigits);
	const [mine, other] = [sent(ours), sent([theirs])];
	if (mine === undefined || other === undefined) return null;
	const length = Math.min(mine.length, other.length);
	return mine.slice(0, length) === other.slice(0, length);
}

/** Fewer bytes than sixteen tell nothing. */
const leastDigits = 32;
