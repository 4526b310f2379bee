import {canonical} from '../address/ip.js';
import type {SeenPacket, Trace} from '../model/index.js';
import {passesOn} from './behind-proxy.js';

interface End {
	address: string;
	port: number;
}

/**
 * The connection for which docker-proxy opened this one; null: it is nobody's. docker-proxy dials as soon as it has accepted, so the connections
 * that it opens come in the order of those that it takes; where the bytes of the two are known and differ, they do not belong together.
 * `ofHost`: the addresses of the host, from which it dials.
 */
export function frontOf(trace: Trace, client: End, ofHost: ReadonlySet<string>): End | null {
	const {asks = []} = trace.plan;
	const openings = onHost(trace);
	const asksFor = (own: boolean, {dst, dport}: SeenPacket) =>
		asks.some(one => one.place === 'host' && one.own === own && one.port === dport && one.address === canonical(dst));
	const waiting: End[] = [];
	for (const packet of openings) {
		const end = {address: canonical(packet.src), port: packet.sport};
		const isOurs = end.address === client.address && end.port === client.port;
		if (asksFor(false, packet)) {
			if (isOurs) return null;
			if (!isTranslated(trace, packet)) waiting.push(end);
		} else if (asksFor(true, packet) && ofHost.has(end.address) && !isTranslated(trace, packet)) {
			const at = waiting.findIndex(front => passesOn(trace, [front], end) !== false);
			const [front] = at === -1 ? [] : waiting.splice(at, 1);
			if (isOurs) return front ?? null;
		}
	}
	return null;
}

/** The packets that opened connections on the host, each once, in the order of time. */
function onHost({packets, plan}: Trace): SeenPacket[] {
	const opening = packets.filter(
		({place, flags}) => place === 'host' && (plan.first.proto === 'udp' || (flags.includes('syn') && !flags.includes('ack'))),
	);
	const first = new Map<string, SeenPacket>();
	for (const packet of [...opening].sort((a, b) => a.us - b.us)) {
		const key = `${packet.src} ${packet.sport}`;
		if (!first.has(key)) first.set(key, packet);
	}
	return [...first.values()];
}

/** The kernel itself led it on to another destination, or shows it with another source: docker-proxy has no part in it. */
function isTranslated({connections, packets}: Trace, {src, sport, dst, dport}: SeenPacket): boolean {
	if (packets.some(one => one.place === 'host' && one.src === src && one.sport === sport && one.dst !== dst)) return true;
	return connections.some(
		({place, original, reply}) =>
			place === 'host' &&
			((original.src === src && original.sport === sport && (reply.src !== original.dst || reply.sport !== original.dport)) ||
				(reply.dst === src && reply.dport === sport && reply.src === dst && reply.sport === dport && original.dst !== dst)),
	);
}
