import {isIP} from 'node:net';
import {canonical} from '../address/ip.js';
import type {Hop, NetnsFacts, Path, ProbePlan, Snapshot, TraceFilter, TracePlace, TracePlan} from '../model/index.js';
import {namespaceOwner} from '../path/world.js';

/**
 * What a trace of a path looks at and sends; a sentence where it cannot be traced. `chance` (0 to 1) chooses the ports that the request is
 * sent from: they tell its packets from all others, wherever NAT leads them.
 */
export function tracePlan(
	path: Path,
	send: ProbePlan | {whyNot: string},
	snapshot: Snapshot,
	timeoutSeconds: number,
	chance: number,
): TracePlan | {whyNot: string} {
	const {proto} = path.to;
	if (proto === 'sctp') return {whyNot: 'SCTP cannot be traced'};
	const fromElsewhere = path.from.kind === 'lan';
	if ('whyNot' in send && !fromElsewhere) return send;
	const [start] = path.hops;
	const {dst, dport} = start?.packet ?? {dst: '', dport: null};
	if (fromElsewhere && (dst === '' || dport === null)) return {whyNot: 'the target has no address that could be asked'};
	const ports = clientPorts(snapshot, chance);
	const asked: TraceFilter = {proto, ports: [dport ?? 0, dport ?? 0], address: canonical(dst)};
	return {
		send: fromElsewhere || 'whyNot' in send ? null : {...send, timeoutSeconds, localPorts: ports, nonce: chance.toString(36).slice(2)},
		entry: fromElsewhere ? (path.hops.find(({kind}) => kind === 'nic')?.name ?? null) : null,
		first: fromElsewhere ? asked : {proto, ports, address: null},
		others: destinations(path, proto, fromElsewhere ? 1 : 2, ownAddresses(snapshot)),
		places: places(path, snapshot),
		proxied: proto === 'tcp' && path.hops.some(({kind}) => kind === 'proxy'),
		timeoutSeconds,
	};
}

/** Sixteen ports in a row below those that the kernel chooses from, so that no other connection of this host has them. */
function clientPorts({host}: Snapshot, chance: number): [number, number] {
	const range = host.sysctls.read ? host.sysctls.value['net.ipv4.ip_local_port_range'] : undefined;
	const low = Number(range?.trim().split(/\s+/)[0] ?? 32_768);
	const [from, to] = low >= 14_000 ? [low - 4000, low - 16] : [20_000, 40_000];
	const first = from + Math.floor(chance * (to - from));
	return [first, first + 15];
}

/** Where packets of these connections go, before and after NAT, other than at the beginning. Those behind docker-proxy come from this host. */
function destinations(path: Path, proto: 'tcp' | 'udp', fromConnection: number, own: readonly string[]): TraceFilter[] {
	const seen = new Map<string, TraceFilter>();
	for (const {connection, kind, packet, packetAfter} of path.hops.filter(hop => hop.connection >= fromConnection)) {
		for (const {dst, dport} of packetAfter && kind !== 'proxy' ? [packet, packetAfter] : [packet]) {
			if (dport === null || dst === '') continue;
			const family = isIP(dst);
			const peers = connection > 1 ? own.filter(address => isIP(address) === family) : [];
			seen.set(`${dst} ${dport}`, {proto, ports: [dport, dport], address: canonical(dst), ...(peers.length > 0 ? {peers} : {})});
		}
	}
	return [...seen.values()];
}

/** All addresses of this host; none where they are too many for a filter, or not known. */
function ownAddresses({host: {addresses}}: Snapshot): string[] {
	const own = addresses.read ? [...new Set(addresses.value.map(({address}) => canonical(address)))] : [];
	return own.length <= mostPeers ? own : [];
}

const mostPeers = 64;

/** The namespaces that the request and its answer come through. */
export function places({hops, reply}: Pick<Path, 'hops' | 'reply'>, snapshot: Snapshot): TracePlace[] {
	const containers = snapshot.engine.read ? snapshot.engine.value.containers : [];
	const found = new Map<string, TracePlace>([['host', tracePlace('host', [], snapshot)]]);
	for (const {of} of [...hops, ...(reply?.hops ?? [])] as Pick<Hop, 'of'>[]) {
		const container = of === null ? undefined : containers.find(({name}) => name === of);
		if (!container || container.pid === null) continue;
		const owner = namespaceOwner(containers, container);
		const key = owner === 'host' ? 'host' : owner.id;
		const place = found.get(key) ?? tracePlace(key, [], snapshot);
		found.set(key, {...place, names: [...new Set([...place.names, container.name])]});
	}
	return [...found.values()];
}

/** A namespace to look into: "host", or the id of the container that owns it. */
export function tracePlace(key: string, names: string[], snapshot: Snapshot): TracePlace {
	const facts = key === 'host' ? snapshot.host : snapshot.containers[key]?.netns;
	return {key, names, legacy: facts ? hasLegacy(facts) : false};
}

function hasLegacy({rulesets: {iptablesLegacy, ip6tablesLegacy}}: NetnsFacts): boolean {
	return [iptablesLegacy, ip6tablesLegacy].some(group => group.read && /^(\[[\d:]+\] )?-A /m.test(group.value));
}
