import type {Hop, Path, SeenConnection, SeenPacket, SeenPass, Trace, TracePlan, TraceSight} from '../model/index.js';
import {behindProxy, type Joined} from './behind-proxy.js';
import {type End, type Headers, isAt} from './connection-end.js';

/** Which packets of an exchange are looked at: SYN (a datagram), SYN-ACK or reset (the answering datagram), what the client sends next, what the target does. */
export type Phase = 'request' | 'answer' | 'later' | 'data';

/** What a trace saw, sorted by namespace, connection and phase. */
export interface Scene {
	trace: Trace;
	/** Microseconds of the first packet (where none was seen on a link: when nft told of it); null: none was seen. */
	began: number | null;
	/** Whether anything of the first connection was seen. */
	sawRequest: boolean;
	placeOf(hop: Pick<Hop, 'of'>): string;
	sightOf(place: string): TraceSight | null;
	packets(place: string, connection: number, phase: Phase): SeenPacket[];
	passes(place: string, connection: number, phase: Phase): SeenPass[];
	/** Whether the rules' trace of that place shows all packets of that phase: none was left out for the traffic of others. */
	isTraced(place: string, connection: number, phase: Phase): boolean;
	connections(place: string, connection: number): SeenConnection[];
	/** By that link of that place no packet at all came (went) meanwhile; false where one did, or where it was not counted. */
	isIdle(place: string, link: string, way: 'in' | 'out' | null): boolean;
	/** How a connection behind docker-proxy was found. */
	joined: Map<number, Joined['how']>;
}

export function sceneOf(path: Pick<Path, 'hops'>, trace: Trace): Scene {
	const clients = new Map<number, End[]>();
	const joined: Scene['joined'] = new Map();
	const first = firstClient(path, trace);
	clients.set(1, first ? [first, ...translated(trace, first)] : []);
	const ofClient = (headers: Headers) => first !== null && isAt(first, headers.src, headers.sport);
	const times = trace.packets.filter(ofClient).map(({us}) => us);
	const told = trace.passes.filter(({packet}) => ofClient(packet)).map(({us}) => us);
	const earliest = (list: number[]) => (list.length > 0 ? list.reduce((least, us) => Math.min(least, us)) : null);
	const began = earliest(times) ?? earliest(told);
	for (const connection of new Set(path.hops.map(hop => hop.connection))) {
		if (connection === 1) continue;
		const found =
			first && began !== null ? behindProxy(path, trace, connection, began, clients.get(1) ?? []) : {how: 'none' as const, client: null};
		joined.set(connection, found.how);
		clients.set(connection, found.client ? [found.client] : []);
	}
	const withDirection = <T extends {flags: string[]}>(items: T[], headersOf: (item: T) => Headers) => {
		const sorted = new Map<string, T[]>();
		const answered = new Set<number>();
		for (const item of items) {
			const headers = headersOf(item);
			for (const [connection, ends] of clients) {
				const way = ends.some(end => isAt(end, headers.src, headers.sport))
					? 'there'
					: ends.some(end => isAt(end, headers.dst, headers.dport))
						? 'back'
						: null;
				if (way === null || headers.proto !== trace.plan.first.proto) continue;
				const phase = phaseOf(headers.proto, way, item.flags, answered.has(connection));
				if (phase === 'answer' && item.flags.includes('syn')) answered.add(connection);
				const key = `${connection} ${phase}`;
				const list = sorted.get(key);
				if (list) list.push(item);
				else sorted.set(key, [item]);
				break;
			}
		}
		return sorted;
	};
	const packets = withDirection(
		[...trace.packets].sort((a, b) => a.us - b.us),
		packet => packet,
	);
	const passes = withDirection(trace.passes, ({packet}) => packet);
	const of = <T extends {place: string}>(sorted: Map<string, T[]>, place: string, connection: number, phase: Phase) =>
		(sorted.get(`${connection} ${phase}`) ?? []).filter(one => one.place === place);
	const isTraced = (place: string, connection: number, phase: Phase): boolean => {
		const sight = trace.sights.find(one => one.place === place);
		if (sight?.rules !== null) return false;
		const {opening, following} = sight.leftOut ?? {opening: false, following: false};
		// What dockhop sends itself is told by its own ports.
		if ((!opening && !following) || (trace.plan.send !== null && connection === 1)) return true;
		const opens = trace.plan.first.proto === 'tcp' && (phase === 'request' || phase === 'answer');
		// An answer to a translated client is not known for one.
		const isKnown = phase === 'request' || (clients.get(connection)?.length ?? 0) < 2;
		if (!opens || !isKnown) return !following;
		return !opening || of(passes, place, connection, 'request').length > 0;
	};
	return {
		trace,
		isTraced,
		began,
		sawRequest: [...packets.keys(), ...passes.keys()].some(key => key.startsWith('1 ')),
		placeOf: hop => placeOf(trace.plan, hop),
		sightOf: place => trace.sights.find(sight => sight.place === place) ?? null,
		packets: (...which) => of(packets, ...which),
		passes: (...which) => of(passes, ...which),
		connections: (place, connection) =>
			trace.connections.filter(
				one => one.place === place && (clients.get(connection) ?? []).some(end => isAt(end, one.original.src, one.original.sport)),
			),
		isIdle: (place, link, way) => {
			const counted = trace.traffic?.find(one => one.place === place && one.interface === link);
			if (!counted) return false;
			return (way === 'out' || counted.received === 0) && (way === 'in' || counted.sent === 0);
		},
		joined,
	};
}

/** TracePlace.key of a hop; "unknown": its place was not looked into. */
export function placeOf({places}: Pick<TracePlan, 'places'>, {of}: Pick<Hop, 'of'>): string {
	return of === null ? 'host' : (places.find(({names}) => names.includes(of))?.key ?? 'unknown');
}

/** The client's end of the first connection: the port that the request was sent from, else the first that asks. */
function firstClient({hops}: Pick<Path, 'hops'>, {plan, probe, packets, passes, armedAt, client}: Trace): End | null {
	if (client) return client;
	const {proto, ports, address} = plan.first;
	const asked = hops[0]?.packet.dst;
	const within = (port: number | null) => port !== null && port >= ports[0] && port <= ports[1];
	// What began while the trace was still being armed was not seen everywhere.
	const opens = (one: Headers & {us: number; flags: string[]}) =>
		one.us >= armedAt && one.proto === proto && (proto === 'udp' || (one.flags.includes('syn') && !one.flags.includes('ack')));
	const met = passes.map(({us, place, packet, flags}) => ({...packet, us, place, flags})).filter(opens);
	if (plan.send) {
		const own = [...packets.filter(opens), ...met].filter(({sport}) => within(sport));
		// A client tries the addresses of a name one after the other.
		const one = own.find(({sport}) => sport === probe?.localPort) ?? own.find(({dst}) => dst === asked) ?? own[0];
		return one?.sport ? {address: null, port: one.sport} : null;
	}
	// Nobody heard it come in by a link: what the host's hooks show is all there is.
	const comes = met.filter(({place, iif}) => place === 'host' && iif !== null && (plan.entry === null || iif === plan.entry));
	const one = comes.find(({dst, dport}) => within(dport) && (address === null || dst === address));
	return one?.sport ? {address: one.src, port: one.sport} : null;
}

/** The same client as source NAT shows it. */
function translated({connections}: Trace, client: End): End[] {
	return connections
		.filter(({original}) => isAt(client, original.src, original.sport))
		.map(({reply}) => ({address: reply.dst, port: reply.dport}))
		.filter(end => !isAt(client, end.address, end.port));
}

function phaseOf(proto: string, way: 'there' | 'back', flags: string[], answered: boolean): Phase {
	const opens =
		proto !== 'tcp' || (way === 'there' ? flags.includes('syn') : flags.includes('syn') || (flags.includes('rst') && !answered));
	if (way === 'there') return opens ? 'request' : 'later';
	return opens ? 'answer' : 'data';
}
