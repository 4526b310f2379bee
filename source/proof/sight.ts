import type {Hop, Packet, SeenPacket, SeenPass, SeenQuestion} from '../model/index.js';
import {looksFor} from './looks-for.js';
import type {Phase, Scene} from './scene.js';

/** What became of the packets of one phase at one hop. */
export interface Sight {
	/** They came there; null: it cannot be seen. */
	seen: boolean | null;
	/** Netfilter hops: they went on behind the hook. */
	left: boolean | null;
	/** The headers behind a hook. */
	after: Packet | null;
	packets: SeenPacket[];
	/** What went ahead of the packet: the question for its neighbour. */
	questions: SeenQuestion[];
	passes: SeenPass[];
}

/** Looks at one hop of a way (the request's, or the answer's). */
export function sightOf(scene: Scene, hops: readonly Hop[], index: number, phase: Phase): Sight {
	const hop = hops[index] as Hop;
	const place = scene.placeOf(hop);
	const sight = scene.sightOf(place);
	const packets = scene.packets(place, hop.connection, phase);
	const passes = scene.passes(place, hop.connection, phase);
	// Of connections at the same time it cannot be told which is ours, or ours was missed.
	const lost = ['several', 'unseen'].includes(scene.joined.get(hop.connection) ?? '');
	const looked = !lost && looksFor(scene.trace.plan, place, hop);
	const can = {packets: sight?.packets === null && looked, rules: scene.isTraced(place, hop.connection, phase) && looked};
	const bare: Sight = {seen: null, left: null, after: null, packets: [], questions: [], passes: []};
	const marks = (hook: string, edge: 'first' | 'last') =>
		passes.filter(pass => pass.layer === 'ip' && pass.hook === hook && pass.edge === edge);
	const known = (seen: boolean, able: boolean) => (seen ? true : able ? false : null);
	switch (hop.kind) {
		case 'client':
			return {...bare, seen: scene.sawRequest || wasTried(scene) ? true : null};
		case 'dns':
			return {...bare, seen: resolved(scene, hop)};
		case 'netfilter': {
			const hook = hookOf(hop);
			// Other hooks (netdev) are not marked.
			if (hook === null) return bare;
			const last = marks(hook, 'last');
			// A frame that finds no port to leave by never comes to the hooks behind the bridge's choice.
			const seen = known(marks(hook, 'first').length > 0, can.rules && !isBridged(hops, index));
			return {
				...bare,
				seen,
				left: seen ? last.length > 0 : null,
				after: last[0]?.packet ?? null,
				passes: passes.filter(pass => pass.hook === hook),
			};
		}
		case 'route': {
			const local = hop.packet.iif === null;
			const behind = local ? marks('postrouting', 'first') : [...marks('forward', 'first'), ...marks('input', 'first')];
			// What goes out by the link that was chosen has been routed.
			const gone = packets.some(one => one.interface === hop.packet.oif && (one.direction === 'out' || one.interface === 'lo'));
			return {...bare, seen: known(behind.length > 0 || gone, can.rules)};
		}
		case 'interface':
		case 'veth':
		case 'nic':
		case 'bridge': {
			if (hop.name === '') return bare;
			const way = directionOf(hops, index);
			// What a bridge floods comes to interfaces that do not take it.
			const takes = (one: SeenPacket) => hop.kind !== 'interface' || way !== 'in' || one.strange !== true;
			const here = packets.filter(one => one.interface === hop.name && (way === null || one.direction === way) && takes(one));
			const ahead = phase === 'request' ? forerunners(scene, hops, place, hop, way) : [];
			const byRules = passes.filter(
				({packet}) => (way !== 'out' && packet.iif === hop.name) || (way !== 'in' && packet.oif === hop.name && isOut(hop)),
			);
			const waits = way !== 'in' && waitsForNeighbour(scene, hops, place, hop, passes);
			if (hop.kind === 'bridge') return {...bare, ...bridged(hops, index, phase, passes, here, ahead, byRules, waits, can)};
			const tells = can.packets || scene.isIdle(place, hop.name, way);
			return {...bare, seen: known(here.length > 0 || ahead.length > 0 || waits, tells), packets: here, questions: ahead};
		}
		case 'port': {
			const arrived = marks('input', 'last').length > 0;
			return {...bare, seen: known(arrived || (phase === 'request' && answers(scene, place, hop)), can.rules)};
		}
		case 'process':
			return {...bare, seen: phase === 'request' || phase === 'later' ? served(scene, hops, place, hop) : null};
		case 'proxy': {
			const next = scene.joined.get(hop.connection + 1);
			if (phase !== 'request' || next === undefined) return bare;
			return {...bare, seen: known(next !== 'none', can.packets && can.rules)};
		}
		case 'neighbour':
			return {...bare, seen: scene.trace.questions.some(one => one.place === place && one.address === hop.address) ? true : null};
		default:
			return bare;
	}
}

function wasTried({trace}: Scene): boolean {
	return trace.probe !== null && (trace.probe.exitCode !== null || trace.probe.errno !== null);
}

function resolved({trace: {probe}}: Scene, hop: Hop): boolean | null {
	if (!probe) return null;
	if (probe.remoteAddress !== null) return true;
	// CURLE_COULDNT_RESOLVE_HOST (libcurl-errors(3)): no request has left.
	const nameless = hop.cause === 'name-not-found' || probe.exitCode === 6;
	return nameless && probe.reached === false ? false : null;
}

/** Whether packets go in or out by a link, from the hops around it; null: both (lo, a bridge). */
function directionOf(hops: readonly Hop[], index: number): 'in' | 'out' | null {
	const hop = hops[index];
	const before = kindBefore(hops, index);
	if (hop?.kind === 'bridge' || hop?.name === 'lo') return null;
	if (hop?.kind === 'nic') return before === undefined || before === 'client' ? 'in' : 'out';
	// Of a path whose beginning nobody knows.
	if (hop?.kind === 'interface' && before === undefined) return null;
	if (hop?.kind === 'veth') return before === 'interface' ? 'in' : 'out';
	return before === 'veth' || before === 'macvlan' ? 'in' : 'out';
}

/** What the packet came from: rules stand between the places, they are none. */
function kindBefore(hops: readonly Hop[], index: number): Hop['kind'] | undefined {
	return hops.slice(0, index).findLast(({kind}) => kind !== 'netfilter')?.kind;
}

/** The hook of a hop; null: none of those that are watched. */
export function hookOf({name}: Hop): string | null {
	const hook = name.toLowerCase();
	return ['prerouting', 'input', 'forward', 'output', 'postrouting'].includes(hook) ? hook : null;
}

/** Whether the hook is met only by a frame that goes from one port of a bridge to another. */
function isBridged(hops: readonly Hop[], index: number): boolean {
	const before = hops.slice(0, index).findLastIndex(({kind}) => kind !== 'netfilter');
	const next = hops.slice(index).find(({kind}) => kind !== 'netfilter');
	const cameByPort = hops[before]?.kind === 'bridge' && ['veth', 'interface'].includes(hops[before - 1]?.kind ?? '');
	return cameByPort && next?.kind === 'veth' && hops[index]?.name !== 'PREROUTING';
}

/** What a rule saw as the outgoing link is not yet on it, except on a bridge: that has no queue of its own. */
function isOut(hop: Hop): boolean {
	return hop.kind === 'bridge';
}

/** Whether the host itself takes the frame: that shows on the bridge's own link. What goes on to another port does not. */
function goesUp(hops: readonly Hop[], index: number, phase: Phase): boolean {
	const next = hops.slice(index + 1).find(({kind}) => kind !== 'netfilter');
	// The host's own answers, and what comes back to docker-proxy, end here.
	if (!next) return phase === 'answer' || phase === 'data';
	return next.connection !== hops[index]?.connection || !['veth', 'interface', 'bridge', 'unexplained', 'nic'].includes(next.kind);
}

/** A frame that is bridged shows at the hooks of family bridge; one from or for the host on the bridge's own link as well. */
function bridged(
	hops: readonly Hop[],
	index: number,
	phase: Phase,
	passes: SeenPass[],
	here: SeenPacket[],
	ahead: SeenQuestion[],
	byRules: SeenPass[],
	waits: boolean,
	can: {packets: boolean; rules: boolean},
): Pick<Sight, 'seen' | 'packets' | 'questions'> {
	const before = kindBefore(hops, index);
	const cameByPort = before === 'veth' || before === 'interface';
	const staysBelow = cameByPort && !goesUp(hops, index, phase);
	const framed = cameByPort && (byRules.length > 0 || passes.some(pass => pass.layer === 'bridge' && pass.hook === 'prerouting'));
	const seen = here.length > 0 || ahead.length > 0 || waits || framed;
	return {seen: seen ? true : can.packets && !staysBelow ? false : null, packets: here, questions: ahead};
}

/** The neighbours that this hop's packet may be handed to. */
function neighboursOf(hops: readonly Hop[], hop: Hop): Set<string> {
	const same = hops.filter(one => one.connection === hop.connection);
	return new Set(same.flatMap(one => [one.packet.dst, ...(one.kind === 'bridge' || one.kind === 'neighbour' ? [one.address ?? ''] : [])]));
}

/**
 * It was given to this link and its neighbour does not answer: there it waits, without a question of its own where another packet's is
 * under way or has just failed.
 */
function waitsForNeighbour({trace}: Scene, hops: readonly Hop[], place: string, hop: Hop, passes: SeenPass[]): boolean {
	const given = passes.some(
		({hook, edge, layer, packet}) => hook === 'postrouting' && edge === 'last' && layer === 'ip' && packet.oif === hop.name,
	);
	if (!given) return false;
	const wanted = neighboursOf(hops, hop);
	return trace.neighbours.some(
		one => one.place === place && one.dev === hop.name && wanted.has(one.address) && one.states.some(state => unanswered.has(state)),
	);
}

/** ip-neighbour(8): it is being asked for; nobody answered. */
const unanswered = new Set(['INCOMPLETE', 'FAILED']);

/** Questions for the neighbour that nobody answered: the packet itself waits for the answer, and never leaves. */
function forerunners({trace, began}: Scene, hops: readonly Hop[], place: string, hop: Hop, way: 'in' | 'out' | null): SeenQuestion[] {
	const wanted = neighboursOf(hops, hop);
	return trace.questions.filter(
		one =>
			!one.answer &&
			one.us >= (began ?? trace.armedAt) &&
			one.place === place &&
			one.interface === hop.name &&
			(way === null || one.direction === way) &&
			wanted.has(one.address) &&
			!trace.questions.some(other => other.answer && other.address === one.address),
	);
}

/** A SYN-ACK (an answering datagram) that comes out of the namespace of the port proves that the request came in. A reset may be a rule's. */
function answers(scene: Scene, place: string, hop: Hop): boolean {
	const opens = ({flags}: {flags: string[]}) => hop.packet.proto !== 'tcp' || flags.includes('syn');
	if (scene.passes(place, hop.connection, 'answer').some(pass => pass.hook === 'output' && pass.layer === 'ip' && opens(pass))) return true;
	return place !== 'host' && scene.packets(place, hop.connection, 'answer').some(packet => packet.direction === 'out' && opens(packet));
}

/** The process has answered: bytes came from it. Only its own bytes prove that; the handshake is the kernel's. */
function served(scene: Scene, hops: readonly Hop[], place: string, hop: Hop): boolean | null {
	const udp = hop.packet.proto === 'udp';
	if (scene.packets(place, hop.connection, udp ? 'answer' : 'data').some(packet => udp || packet.length > 0)) return true;
	const {probe} = scene.trace;
	if (probe?.reached === true) return true;
	// A rule that was seen to drop what follows (also before docker-proxy) stands between: the process is not to blame.
	const dropped = (one: Hop) =>
		(['later', 'data'] as const).some(phase => scene.passes(scene.placeOf(one), one.connection, phase).some(pass => pass.dropped));
	if (hops.some(one => one.connection <= hop.connection && dropped(one))) return null;
	const came = scene.passes(place, hop.connection, 'later').some(pass => pass.hook === 'input' && pass.edge === 'last');
	return came && probe?.reached === false ? false : null;
}
