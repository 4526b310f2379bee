import type {Assumption, CauseId, Evidence, Gap, Hop, HopKind, Packet, Place, Step} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import type {Site} from './world.js';

/** The hops of one packet's way, as they are met. */
export interface Trail {
	hops: Hop[];
	/** Which TCP connection (or UDP exchange) the hops belong to: counts up behind a proxy. */
	connection: number;
	/** Hops that are undetermined, but could only stop the packet, never send it elsewhere. */
	onlyStops: Set<Hop>;
	/** Rules met whose answer hangs on the client's own address, port or TTL, hook by hook: made where somebody asks. */
	dividing: (() => {text: string; command: string}[])[];
	/** Hook by hook, whether a rule there would have answered otherwise had the packet other TCP flags. */
	dividesFlags: (() => boolean)[];
	/** Steps of hooks that had no say: the next hop carries them, so that "why not this rule?" can be asked there. */
	passedBy: (() => Step[])[];
	/** What the verdict rests on without having been read. */
	assumptions: Assumption[];
}

export function newTrail(connection = 1): Trail {
	return {hops: [], connection, onlyStops: new Set(), dividing: [], dividesFlags: [], passedBy: [], assumptions: []};
}

/** What a hop says beside its place; everything has a default that claims nothing. */
export interface HopDetails {
	kind: HopKind;
	where?: Place;
	name: string;
	names?: string[];
	address?: string | null;
	port?: number | null;
	packet: WalkPacket | Packet;
	packetAfter?: WalkPacket | Packet | null;
	cause?: CauseId | null;
	gap?: Gap | null;
	evidence?: Evidence[];
	/** Made when they are asked for: a chain may have thousands. */
	steps?: () => Step[];
	says?: string;
	command?: string;
	/** Where the command and those of the evidence are run, if not where the hop is. */
	shownIn?: Site;
}

/** Adds a hop. A cause makes it block, a gap makes it undetermined, else it passes. */
export function push(trail: Trail, site: Site | null, details: HopDetails): Hop {
	const parts = [...trail.passedBy.splice(0), ...(details.steps ? [details.steps] : [])];
	let made: Step[] | null = null;
	const hop: Hop = {
		kind: details.kind,
		where: details.where ?? (site?.of ? 'container' : 'host'),
		of: site?.of ?? null,
		connection: trail.connection,
		name: details.name,
		names: details.names ?? [],
		address: details.address ?? null,
		port: details.port ?? null,
		packet: headers(details.packet),
		packetAfter: details.packetAfter ? headers(details.packetAfter) : null,
		verdict: details.cause ? 'blocks' : details.gap ? 'undetermined' : 'passes',
		cause: details.cause ?? null,
		unknown: !details.cause && details.gap ? {id: details.gap.id, tell: details.gap.tell} : null,
		evidence: (details.evidence ?? []).map(one => ({...one, command: inside(details.shownIn ?? site, one.command)})),
		get steps() {
			made ??= parts.flatMap(part => part());
			return made;
		},
		says: details.says ?? (details.gap && !details.cause ? details.gap.why : ''),
		command: inside(details.shownIn ?? site, details.command ?? ''),
	};
	trail.hops.push(hop);
	return hop;
}

/** A command as it is run on the host: what shows a container's network is run in its namespace. */
function inside(site: Site | null, command: string): string {
	const pid = site?.container?.pid;
	if (!pid) return command;
	return command
		.split('; ')
		.map(one => (ofNetns.has(one.split(' ', 1)[0] ?? '') ? `nsenter -t ${pid} -n ${one}` : one))
		.join('; ');
}

/** The headers alone, as the JSON shows them. */
export function headers(packet: WalkPacket | Packet): Packet {
	const {iif, oif, src, dst, sport, dport, proto} = packet;
	return {iif, oif, src, dst, sport, dport, proto};
}

export function observed(fact: string, source: string, command: string): Evidence {
	return {fact, source, command, certainty: 'observed'};
}

export function inferred(fact: string, source: string, command: string): Evidence {
	return {fact, source, command, certainty: 'inferred'};
}

export function missing(gap: Gap): Evidence {
	return {fact: gap.why, source: '', command: gap.tell, certainty: 'missing'};
}

/** Programs whose answer depends on the network namespace in which they run. */
const ofNetns = new Set([
	'ip',
	'bridge',
	'ss',
	'sysctl',
	'nft',
	'conntrack',
	'iptables',
	'ip6tables',
	'iptables-legacy',
	'ip6tables-legacy',
]);
