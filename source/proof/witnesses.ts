import {canonical} from '../address/ip.js';
import type {Hop, Path, SeenListener, Trace} from '../model/index.js';
import type {Scene} from './scene.js';
import type {Sight} from './sight.js';

/** What both ends and the network in between told of the request. */
export interface Witnesses {
	/** The kernel in which the request ends; null: the path does not come to a port. */
	target: {
		/** The first packet came to it; null: cannot be seen. */
		arrived: boolean | null;
		/** What it sent back; null: cannot be seen. */
		answer: 'syn ack' | 'reset' | 'datagram' | 'icmp' | 'none' | null;
		/** Who waits for requests at that port, and how many connections wait to be accepted; null: nobody, or it was not asked. */
		listener: Pick<SeenListener, 'address' | 'port' | 'queue'> | null;
	} | null;
	/** What the client got; null: it was another's request. Milliseconds. */
	client: {errno: string | null; httpStatus: number | null; elapsed: number | null} | null;
	/** ICMP errors about this request. us: since its first packet. */
	icmp: {place: string; interface: string; direction: 'in' | 'out'; from: string; says: string; us: number}[];
	/** Neighbours on its way that nobody answered for. */
	neighbours: {place: string; interface: string; address: string; state: string}[];
}

export function witnessesOf(path: Path, trace: Trace, scene: Scene, request: readonly Sight[]): Witnesses {
	const {probe} = trace;
	const hops = [...path.hops, ...(path.reply?.hops ?? [])];
	const nameOf = (place: string) => trace.plan.places.find(({key}) => key === place)?.names[0] ?? 'host';
	const asked = new Set(hops.flatMap(({packet, packetAfter}) => [packet.dst, packetAfter?.dst ?? '']).filter(Boolean));
	const ends = new Set(
		hops.flatMap(({packet, packetAfter, address}) => [packet.src, packet.dst, packetAfter?.src, packetAfter?.dst, address]),
	);
	return {
		target: targetOf(path, trace, scene, request),
		client: probe && {errno: probe.errno, httpStatus: probe.httpStatus, elapsed: probe.timings.total},
		icmp: trace.errors
			.filter(({us, dst, says}) => us >= (scene.began ?? trace.armedAt) && ends.has(dst) && namesOne(says, asked))
			.map(({place, us, interface: link, direction, src, says}) => ({
				...{place: nameOf(place), interface: link, direction, from: src, says},
				us: us - (scene.began ?? us),
			})),
		neighbours: trace.neighbours
			.filter(({address, states}) => ends.has(canonical(address)) && states.some(state => state === 'FAILED' || state === 'INCOMPLETE'))
			.map(({place, dev, address, states}) => ({place: nameOf(place), interface: dev, address, state: states.join(' ')})),
	};
}

/** An ICMP error names the address (and for a port the port) that could not be reached: "172.17.0.4 udp port 99 unreachable". */
function namesOne(says: string, addresses: ReadonlySet<string>): boolean {
	return says.split(/[\s,]+/).some(word => addresses.has(canonical(word)));
}

function targetOf(path: Path, trace: Trace, scene: Scene, request: readonly Sight[]): Witnesses['target'] {
	const at = path.hops.findLastIndex(({kind}) => kind === 'port');
	const port = path.hops[at];
	if (!port) return null;
	const place = scene.placeOf(port);
	const arrived = request[at]?.seen ?? null;
	const listener = trace.listeners.find(
		one => one.place === place && one.proto === port.packet.proto && one.port === port.port && takes(one.address, port),
	);
	return {
		arrived,
		answer: answerOf(port, place, trace, scene, arrived),
		listener: listener ? {address: listener.address, port: listener.port, queue: listener.queue} : null,
	};
}

function takes(address: string, {packet}: Hop): boolean {
	return address === '0.0.0.0' || address === '::' || canonical(address) === canonical(packet.dst);
}

function answerOf(
	{connection, packet, port}: Hop,
	place: string,
	trace: Trace,
	scene: Scene,
	arrived: boolean | null,
): NonNullable<Witnesses['target']>['answer'] {
	const sent = [
		...scene.passes(place, connection, 'answer').filter(({hook}) => hook === 'output' || hook === 'postrouting'),
		...scene.packets(place, connection, 'answer').filter(({direction, interface: link}) => direction === 'out' || link === 'lo'),
	];
	if (sent.some(({flags}) => flags.includes('syn'))) return 'syn ack';
	if (sent.some(({flags}) => flags.includes('rst'))) return 'reset';
	if (sent.length > 0 && packet.proto !== 'tcp') return 'datagram';
	if (trace.errors.some(one => one.place === place && one.says.includes(` port ${port} unreachable`))) return 'icmp';
	const sight = scene.sightOf(place);
	return arrived === true && (sight?.packets === null || scene.isTraced(place, connection, 'answer')) ? 'none' : null;
}
