import {isLoopback} from '../address/ip.js';
import type {Hop} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed} from '../snapshot/netns.js';
import {arrive, type Landing} from './arrival.js';
import {senderMac} from './asking.js';
import {fromOutside} from './bridge.js';
import {clientAsks} from './client-asks.js';
import {unexplainedHop} from './driver-hop.js';
import {passDevice} from './hook-hop.js';
import {interfaceHop, nicHop} from './link-hops.js';
import {fromOutsideToMacvlan, isMacvlanAt} from './macvlan.js';
import type {Resolution} from './names/resolve.js';
import {nicAddress} from './published.js';
import {holderOn} from './segment.js';
import {sourcePortsGap} from './source-ports.js';
import {firstPacket, type Start} from './start.js';
import {travel} from './steps.js';
import {headers, missing, observed, push} from './trail.js';
import type {End, State, Walk} from './walker.js';
import {isRunning, type Site} from './world.js';

/** One connection of a request: docker-proxy ends one and begins another. */
export interface Leg {
	from: {site: Site; nic: string | null};
	/** As it was sent. */
	first: WalkPacket;
	end: End;
	/** The kernel chooses the address that the answer comes from, not the program (see arrival.ts). */
	kernelAnswers: boolean;
	/** The socket that took it is bound to any address: for UDP the program has to choose the answer's. */
	anyAddress?: boolean;
	/** Whose socket took it, and sends the first answer; null: not known, or none. */
	uid: number | null;
}

export interface Sent {
	legs: Leg[];
	landing: Landing | null;
	/** Hops that stand before the first packet is on its way (client, dns). */
	prelude: number;
}

/** What is asked: from where, which address (null: the target has none) and port, after which look-up of a name. */
export interface Question {
	start: Start;
	dst: string | null;
	port: number;
	proto: string;
	name: Resolution | null;
}

/** Sends the request's first packet from its origin to the socket that takes it, through docker-proxy where there is one. */
export function send(walk: Walk, question: Question): Sent {
	const {start, dst, port, proto} = question;
	const packet = firstPacket(start, dst ?? '', port, proto);
	const site = start.kind === 'lan' ? walk.world.host : start.site;
	clientHop(walk, start, packet);
	if (question.name) nameHop(walk, site, question.name, packet);
	const prelude = walk.trail.hops.length;
	if (dst === null) {
		unreachable(walk);
		return {legs: [], landing: null, prelude};
	}
	const legs: Leg[] = [];
	let landing: Landing | null = null;
	let from: Leg['from'] = {site, nic: start.kind === 'lan' ? start.nic : null};
	let proxyHop: Hop | undefined;
	let sent = packet;
	let state = begin(walk, start, site, sent);
	for (let proxies = 0; proxies < maxProxies; proxies++) {
		const mark = walk.trail.hops.length;
		const end = travel(walk, state);
		// The source that the kernel chose stands on the first hop that the packet met.
		const first = {...sent, src: sent.src || (walk.trail.hops[mark]?.packet.src ?? '')};
		if (proxyHop) proxyHop.packetAfter = headers(first);
		else nameSource(walk, prelude, first.src);
		const leg: Leg = {from, first, end, kernelAnswers: false, uid: null};
		legs.push(leg);
		if (end.at === 'nowhere') jumpToGoal(walk, end.packet);
		if (end.at !== 'socket') break;
		landing = arrive(walk, end);
		if (landing.kind === 'nobody') beyondNobody(walk, end);
		leg.anyAddress = landing.kind === 'process' && landing.anyAddress;
		leg.uid = landing.kind === 'nobody' ? null : landing.uid;
		if (landing.kind !== 'proxy') break;
		leg.kernelAnswers = landing.kernelAnswers;
		proxyHop = walk.trail.hops.at(-1);
		walk.trail.connection++;
		from = {site: end.site, nic: null};
		sent = firstPacket({kind: 'host', site: end.site, address: null}, landing.address, landing.port, proto);
		state = {at: 'output', site: end.site, packet: sent, bound: null};
	}
	return {legs, landing, prelude};
}

/** The hops before the first packet was made know its source only now. */
function nameSource(walk: Walk, prelude: number, src: string): void {
	for (const hop of walk.trail.hops.slice(0, prelude)) {
		hop.packet.src = src;
		if (hop.kind === 'client' && src !== '') hop.address ??= src;
	}
}

/** The state from which a packet of this origin starts (also the packets that follow the first). */
export function begin(walk: Walk, start: Start, site: Site, packet: WalkPacket): State {
	if (start.kind !== 'lan') return {at: 'output', site, packet, bound: null};
	nicHop(walk, start.nic, packet, isMacvlanAt(walk, start.nic, packet.dst) ? 'beside' : 'in');
	// A neighbour of the client's own: this host does not forward to it.
	const beside = fromOutsideToMacvlan(walk, start.nic, packet);
	if (beside) return beside;
	if (unexplainedHop(walk, packet)) return {at: 'nowhere', site: walk.world.host, packet};
	if (walk.role === 'request') clientAsks(walk, start.nic, packet);
	const {host} = walk.world;
	const sent = {...packet, smac: senderMac(host.facts, start.nic, packet.src)};
	const holder = linkNamed(host.facts, start.nic)?.kind === 'bridge' ? holderOn(walk, start.nic, start.address) : null;
	if (holder?.kind === 'beyond') return fromOutside(walk, start.nic, holder.port, sent);
	return {at: 'receive', site: host, packet: passDevice(walk, host, 'ingress', start.nic, sent), carried: false};
}

function clientHop(walk: Walk, start: Start, packet: WalkPacket): void {
	const where = start.kind === 'lan' ? 'lan' : start.kind === 'host' ? 'host' : 'container';
	const gap = start.kind === 'lan' ? null : sourcePortsGap(start.site.facts, packet);
	const hop = push(walk.trail, start.kind === 'lan' ? null : start.site, {
		kind: 'client',
		where,
		name: start.kind === 'container' ? start.name : 'client',
		address: start.kind === 'lan' ? start.address : start.kind === 'host' ? start.address : null,
		port: packet.sport,
		packet,
		...(gap ? {gap, evidence: [missing(gap)]} : {}),
		says: gap?.why ?? (start.kind === 'lan' && !start.given ? `any client behind ${start.nic}: this address stands for it` : ''),
	});
	if (gap) walk.trail.onlyStops.add(hop);
}

function nameHop(walk: Walk, site: Site, name: Resolution, packet: WalkPacket): void {
	const failed = name.addresses.length === 0 && name.gap === null;
	push(walk.trail, site, {
		kind: 'dns',
		name: name.name,
		names: name.source ? [name.source] : [],
		address: name.addresses[0] ?? null,
		packet,
		cause: failed ? name.cause : null,
		gap: name.gap,
		says: name.says,
		command: name.command,
		evidence: name.evidence,
	});
}

/** The target has no address at all: stopped, or on the network none. */
function unreachable(walk: Walk): void {
	const {container} = walk.goal;
	if (!container) return;
	const packet = headers(firstPacket({kind: 'host', site: walk.world.host, address: null}, '', walk.goal.port, walk.goal.proto));
	const site = walk.world.siteOf(container);
	if (!isRunning(container)) {
		stoppedHop(walk, packet);
		return;
	}
	const links = site.facts.links.read ? site.facts.links.value.filter(link => link.name !== 'lo') : null;
	const says = `${container.name} has no network: ${links?.length === 0 ? 'it has lo alone' : 'no address by which it could be asked'}`;
	const command = `nsenter -t ${container.pid} -n ip addr`;
	push(walk.trail, site, {
		kind: 'interface',
		name: 'lo',
		address: null,
		packet,
		cause: 'no-network',
		says,
		command,
		evidence: [links ? observed(says, 'ip link', command) : observed(says, 'docker inspect', `docker inspect ${container.name}`)],
	});
	arrive(walk, {
		at: 'socket',
		site,
		packet: {
			...firstPacket({kind: 'container', site, name: container.name}, '127.0.0.1', walk.goal.port, walk.goal.proto),
			src: '127.0.0.1',
			iif: 'lo',
		},
	});
}

function stoppedHop(walk: Walk, packet: Parameters<typeof headers>[0]): void {
	const {container} = walk.goal;
	if (!container) return;
	const says = `${container.name} is ${container.state}${container.exitCode === null ? '' : ` (exit ${container.exitCode})`}: it has no process`;
	const command = `docker ps -a --filter name=${container.name}`;
	push(
		walk.trail,
		{...walk.world.host, of: container.name},
		{
			kind: 'process',
			where: 'process',
			name: '',
			packet,
			port: walk.goal.port,
			cause: 'not-running',
			says,
			command,
			evidence: [observed(says, 'docker inspect', command)],
		},
	);
}

/** Nobody took it on the host, but it was meant for a container: what waits there would stop it too, or would have taken it. */
function beyondNobody(walk: Walk, end: End): void {
	const {container} = walk.goal;
	if (!container) return;
	if (!isRunning(container)) stoppedHop(walk, end.packet);
	else if (walk.world.siteOf(container).key !== end.site.key) jumpToGoal(walk, end.packet);
}

/** Goes on at the target's own bridge, as if the request had come that far. */
function jumpToGoal(walk: Walk, packet: WalkPacket): void {
	const {container, address, port} = walk.goal;
	if (!container || address === null || !isRunning(container)) return;
	if (walk.trail.hops.some(hop => hop.of === container.name && hop.kind === 'port')) return;
	const site = walk.world.siteOf(container);
	if (site.key === 'host') return;
	const network = walk.world.networks.find(one =>
		container.endpoints.some(end => end.networkId === one.id && (end.address === address || end.address6 === address)),
	);
	// What a client asked at its own 127.0.0.1, or in the other family, comes to the container from the host's address on that bridge.
	const family = address.includes(':') ? 6 : 4;
	const own = network?.bridge ? nicAddress(walk.world, network.bridge, family) : null;
	const anew = isLoopback(packet.src) || packet.family !== family;
	const begun = anew ? firstPacket({kind: 'host', site: walk.world.host, address: own}, address, port, walk.goal.proto) : packet;
	const aimed = {...begun, dst: address, dport: port, iif: null, oif: network?.bridge ?? null};
	if (!network?.bridge || !linkNamed(walk.world.host.facts, network.bridge)) {
		interfaceHop(
			walk,
			site,
			site.facts.addresses.read ? (site.facts.addresses.value.find(one => one.address === address)?.link ?? 'eth0') : 'eth0',
			aimed,
		);
		arrive(walk, {at: 'socket', site, packet: aimed});
		return;
	}
	const end = travel(walk, {at: 'transmit', site: walk.world.host, packet: aimed, nexthop: address});
	if (end.at === 'socket') arrive(walk, end);
}

/** docker-proxy in front of docker-proxy happens where a container asks its own published port; more is a loop. */
const maxProxies = 4;
