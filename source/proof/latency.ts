import type {Hop, Path, SeenPacket, Trace} from '../model/index.js';
import type {Observed} from './proof.js';
import type {Phase, Scene} from './scene.js';

/** A part of the time that a request took. */
export interface Stage {
	/** dns: the name; connect: the handshake, there and back; tls: its own handshake; application: until the process answered; rest: all that is left. */
	id: 'dns' | 'connect' | 'tls' | 'application' | 'rest';
	/** Microseconds. */
	us: number;
}

/** Where the time went. All in microseconds; null: not measured. */
export interface Latency {
	/** Of each hop: since the hop before it that shows packets; of the name's hop the question, of the process what it took to answer. */
	hops: (number | null)[];
	/** Of each hop of the way back, the same. */
	reply: (number | null)[];
	/** Parts that do not overlap, in the order of time. */
	stages: Stage[];
	total: number | null;
}

/** Where the time of a traced request went: by its packets, and what its client measured (curl's `time_…`, see curl(1), --write-out). */
export function latencyOf(path: Path, trace: Trace, scene: Scene, observed: readonly Observed[], reply: readonly Observed[]): Latency {
	const application = applicationTime(path, scene);
	const timings = trace.probe?.timings;
	const dns = micro(timings?.namelookup);
	const total = micro(timings?.total) ?? seenTotal(scene);
	const hops = path.hops.map((hop, index) => {
		if (hop.kind === 'dns') return dns;
		if (hop.kind === 'process') return application;
		return sinceBefore(observed, index);
	});
	return {
		hops,
		reply: reply.map((_, index) => sinceBefore(reply, index)),
		stages: stagesOf(scene, trace, application, total),
		total,
	};
}

function sinceBefore(observed: readonly Observed[], index: number): number | null {
	const here = observed[index]?.packets[0]?.us;
	const before = observed.slice(0, index).findLast(({packets}) => packets.length > 0)?.packets[0]?.us;
	// Links of two namespaces show a packet at nearly the same time, and not always in its order.
	return here === undefined || before === undefined ? null : Math.max(0, here - before);
}

/** From the last sight of the client's first bytes at the target until the first sight of its own; of UDP the datagrams. */
function applicationTime(path: Path, scene: Scene): number | null {
	const end = path.hops.findLast(({kind}) => kind === 'process') ?? path.hops.at(-1);
	if (end?.kind !== 'process') return null;
	const [asks, answers]: Phase[] = end.packet.proto === 'udp' ? ['request', 'answer'] : ['later', 'data'];
	const asked = firstOfEachLink(scene, end, asks as Phase).at(-1);
	const answered = firstOfEachLink(scene, end, answers as Phase)[0];
	return asked && answered && answered.us >= asked.us ? answered.us - asked.us : null;
}

function firstOfEachLink(scene: Scene, hop: Hop, phase: Phase): SeenPacket[] {
	const carrying = scene.packets(scene.placeOf(hop), hop.connection, phase).filter(({length}) => length > 0);
	return [...new Map(carrying.toReversed().map(packet => [packet.interface, packet])).values()].sort((a, b) => a.us - b.us);
}

function stagesOf(scene: Scene, {probe}: Trace, application: number | null, total: number | null): Stage[] {
	if (total === null) return [];
	const dns = micro(probe?.timings.namelookup) ?? 0;
	const opened = micro(probe?.timings.connect) ?? (probe ? null : handshake(scene));
	const secured = micro(probe?.timings.tls);
	const stages: Stage[] = [
		{id: 'dns', us: dns},
		{id: 'connect', us: opened === null ? 0 : Math.max(0, opened - dns)},
		{id: 'tls', us: secured === null || opened === null ? 0 : Math.max(0, secured - opened)},
		// What comes after a TLS handshake cannot be told from its own bytes.
		{id: 'application', us: secured === null ? (application ?? 0) : 0},
	];
	const left = total - stages.reduce((sum, {us}) => sum + us, 0);
	return [...stages, {id: 'rest' as const, us: left}].filter(({us}) => us > 0);
}

/** From the client's first packet until the next one that it sends: the handshake is over then. */
function handshake(scene: Scene): number | null {
	const next = scene.packets('host', 1, 'later')[0]?.us;
	return next === undefined || scene.began === null ? null : next - scene.began;
}

/** Until the target's last bytes were seen on the host. */
function seenTotal(scene: Scene): number | null {
	const last = [...scene.packets('host', 1, 'data'), ...scene.packets('host', 1, 'answer')].filter(({length}) => length > 0).at(-1)?.us;
	return last === undefined || scene.began === null ? null : last - scene.began;
}

function micro(milliseconds: number | null | undefined): number | null {
	return milliseconds === null || milliseconds === undefined ? null : Math.round(milliseconds * 1000);
}
