import {canonical} from '../address/ip.js';
import type {Path, Trace} from '../model/index.js';
import {type End, type Headers, isAt} from './connection-end.js';

export interface Joined {
	/** bytes: it passes on what ours sent; time: it is the only one that was opened while ours was open; several: these cannot be told apart. */
	how: 'bytes' | 'time' | 'none' | 'several';
	client: End | null;
}

/** The client's end of the connection that docker-proxy opened for ours, whose client's ends are `ours` and which began at `began`. */
export function behindProxy(path: Pick<Path, 'hops'>, trace: Trace, connection: number, began: number, ours: End[]): Joined {
	const found = candidates(path, trace, connection, began, ours);
	const known = found.map(client => ({client, same: passesOn(trace, ours, client)}));
	const same = known.filter(one => one.same === true);
	const [one, ...more] = same.length > 0 ? same : known.filter(other => other.same === null);
	if (!one) return {how: 'none', client: null};
	if (more.length > 0) return {how: 'several', client: null};
	return {how: same.length > 0 ? 'bytes' : 'time', client: one.client};
}

/** Connections to its target that were opened while ours was open: docker-proxy dials as soon as it has accepted. */
function candidates(path: Pick<Path, 'hops'>, trace: Trace, connection: number, began: number, ours: End[]): End[] {
	const target = path.hops.find(hop => hop.connection === connection)?.packet;
	if (!target) return [];
	const {proto} = trace.plan.first;
	const own = trace.packets.filter(one => ours.some(end => isAt(end, one.src, one.sport) || isAt(end, one.dst, one.dport)));
	const closed = own.filter(({flags}) => flags.includes('fin') || flags.includes('rst')).map(({us}) => us);
	const until = closed.length > 0 ? Math.min(...closed) : Number.POSITIVE_INFINITY;
	const opens = (one: Headers & {us: number; flags: string[]}, last: number) =>
		one.us >= began &&
		one.us <= last &&
		one.proto === proto &&
		canonical(one.dst) === canonical(target.dst) &&
		one.dport === target.dport &&
		(proto === 'udp' || (one.flags.includes('syn') && !one.flags.includes('ack'))) &&
		!ours.some(end => isAt(end, one.src, one.sport));
	const packets = trace.packets.filter(one => opens(one, until));
	// A packet that waits for its neighbour shows only where it was made (and its time there is when nft told of it: a little later).
	const made = trace.passes.filter(({place}) => place === 'host').map(({us, packet, flags}) => ({...packet, us, flags}));
	const found = packets.length > 0 ? packets : made.filter(one => opens(one, Number.POSITIVE_INFINITY));
	const ends = found.flatMap(({src, sport}) => (sport === null ? [] : [[`${src} ${sport}`, {address: src, port: sport}] as const]));
	return [...new Map<string, End>(ends).values()];
}

/** Whether a connection carries the same bytes as ours: docker-proxy passes them on as they are, cut where it likes. null: not seen. */
function passesOn({bytes}: Trace, ours: End[], theirs: End): boolean | null {
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
