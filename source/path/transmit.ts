import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed, linksOnlink, neighbourOf} from '../snapshot/netns.js';
import {isUsable, misforwarded} from './asking.js';
import {elsewhereHop, unexplainedHop} from './driver-hop.js';
import {passBridge, passDevice} from './hook-hop.js';
import {bridgeHop, interfaceHop, nicHop, vethHop, vethOf, xdpHop} from './link-hops.js';
import {fromMacvlan, unheardHop} from './macvlan.js';
import {macvlanContainer, macvlanOf} from './macvlan-segment.js';
import {neighbourHop, nobodyHop, strangeNeighbourHop, unansweredHop} from './neighbour-hop.js';
import {holderOn} from './segment.js';
import {missing, observed, push} from './trail.js';
import type {State, Walk} from './walker.js';
import {behindLink, type Site} from './world.js';

/** A packet leaves a namespace by packet.oif towards a neighbour: over a bridge, a veth, or the NIC. */
export function transmit(walk: Walk, state: State & {at: 'transmit'}): State {
	return state.site.key === 'host' ? fromHost(walk, state) : fromContainer(walk, state);
}

function fromHost(walk: Walk, {site, packet: routed, nexthop}: State & {at: 'transmit'}): State {
	const oif = routed.oif ?? '';
	const own = macvlanOf(walk.world, site, oif);
	if (own) return fromMacvlan(walk, own, {at: 'transmit', site, packet: routed, nexthop});
	const link = linkNamed(site.facts, oif);
	const packet = passDevice(walk, site, 'egress', oif, {...routed, smac: link?.mac ?? null, dmac: null});
	if (link?.kind === 'bridge' || (!link && walk.world.networks.some(one => one.bridge === oif))) {
		const holder = holderOn(walk, oif, nexthop);
		bridgeHop(walk, oif, packet);
		neighbourHop(walk, site, oif, nexthop, holder, packet);
		if (holder.kind === 'container') forwardingHop(walk, holder, oif, packet, isHeard(walk, site, oif, nexthop));
		const port = holder.kind === 'container' || holder.kind === 'beyond' ? holder.port : null;
		const sent = passBridge(walk, 'output', {iif: null, oif: port}, packet);
		const out = passBridge(walk, 'postrouting', {iif: null, oif: port}, sent);
		if (holder.kind === 'container') return intoContainer(walk, holder.site, holder.interface, holder.port, oif, leaving(walk, port, out));
		if (holder.kind === 'beyond') return {at: 'left', site, packet: leaving(walk, port, out), nic: holder.port};
		nobodyHop(walk, site, oif, nexthop, packet);
		return {at: 'nowhere', site, packet};
	}
	const behind = behindLink(walk.world, oif);
	if (behind) return intoContainer(walk, behind.site, behind.interface, oif, null, packet);
	nicHop(walk, oif, packet, 'out');
	if (link && nexthop === packet.dst && macvlanContainer(walk.world, link, nexthop)) {
		unheardHop(walk, site, oif, nexthop, packet, `ip neigh show ${nexthop} dev ${oif}`);
		return {at: 'nowhere', site, packet};
	}
	if (unexplainedHop(walk, packet)) return {at: 'nowhere', site, packet};
	// A neighbour's answer that goes to a router instead: that router may pass it on, or not.
	const detour = walk.role === 'answer' && nexthop !== packet.dst && linksOnlink(site.facts, packet.dst).includes(oif);
	if (detour) {
		const why = `the answer for ${packet.dst}, a neighbour on ${oif}, is given to ${nexthop}: whether that one passes it on cannot be seen here`;
		strangeNeighbourHop(walk, site, oif, nexthop, packet, why);
	} else unansweredHop(walk, site, oif, nexthop, packet);
	return {at: 'left', site, packet, nic: oif};
}

/** The receiver has just sent something itself: the packet that is answered, or the answer to the question for it. */
export function isHeard(walk: Walk, sender: Site, dev: string, nexthop: string): boolean {
	return walk.role !== 'request' || (sender.facts.neighbours.read && !isUsable(neighbourOf(sender.facts, dev, nexthop)));
}

/** A frame leaves by a port of a bridge. */
export function leaving(walk: Walk, port: string | null, packet: WalkPacket): WalkPacket {
	return port === null ? packet : passDevice(walk, walk.world.host, 'egress', port, packet);
}

/** Over the host's link into the container, where the packet arrives at layer 3. bridge: it comes out of a port of this one. */
export function intoContainer(
	walk: Walk,
	site: Site,
	interfaceName: string,
	port: string | null,
	bridge: string | null,
	packet: WalkPacket,
): State {
	vethHop(walk, port, site, bridge, packet);
	xdpHop(walk, site, interfaceName, packet);
	interfaceHop(walk, site, interfaceName, packet);
	const fresh = {
		...packet,
		iif: interfaceName,
		oif: null,
		physIn: null,
		physOut: null,
		mark: 0,
		local: false,
		uid: null,
		gid: null,
		ctState: null,
		ctZone: undefined,
		touchedSets: undefined,
	};
	return {at: 'receive', site, packet: passDevice(walk, site, 'ingress', interfaceName, fresh), carried: false};
}

/** Adds a hop where the bridge's table sends frames for the container's interface elsewhere. heard: its port has just taken something from there. */
export function forwardingHop(
	walk: Walk,
	{site, interface: name, port}: {site: Site; interface: string; port: string | null},
	bridge: string,
	packet: WalkPacket,
	heard: boolean,
): void {
	const mac = linkNamed(site.facts, name)?.mac;
	const found = port !== null && mac ? misforwarded(walk, bridge, port, mac, heard) : null;
	if (!found) return;
	const hop = push(walk.trail, walk.world.host, {
		kind: 'bridge',
		name: bridge,
		packet,
		...('gap' in found
			? {gap: found.gap, evidence: [missing(found.gap)]}
			: {cause: found.cause, says: found.says, command: found.command, evidence: [observed(found.says, 'bridge fdb', found.command)]}),
	});
	if ('gap' in found) walk.trail.onlyStops.add(hop);
}

function fromContainer(walk: Walk, {site, packet, nexthop}: State & {at: 'transmit'}): State {
	const oif = packet.oif ?? '';
	const own = macvlanOf(walk.world, site, oif);
	if (own) return fromMacvlan(walk, own, {at: 'transmit', site, packet, nexthop});
	const link = linkNamed(site.facts, oif);
	if (link && link.kind !== 'veth') {
		interfaceHop(walk, site, oif, packet);
		const why = `${oif} is of kind ${link.kind ?? 'device'}: what lies behind it is not explained yet`;
		push(walk.trail, site, {
			kind: 'unexplained',
			name: link.kind ?? oif,
			packet,
			gap: {id: 'driver-not-explained', why, tell: `ip -d link show ${oif}`},
		});
		return {at: 'nowhere', site, packet};
	}
	const sent = passDevice(walk, site, 'egress', oif, {...packet, smac: link?.mac ?? null, dmac: null});
	interfaceHop(walk, site, oif, packet);
	const out = {...sent, iif: null, mark: 0, local: false, uid: null, gid: null, ctState: null, ctZone: undefined, touchedSets: undefined};
	const port = vethOf(walk, site, oif);
	if (port === null && elsewhereHop(walk, site, oif, packet)) return {at: 'nowhere', site, packet};
	const master = port === null ? bridgeByEngine(walk, site, packet.family) : (linkNamed(walk.world.host.facts, port)?.master ?? null);
	const expected = bridgeByEngine(walk, site, packet.family, oif);
	if (port !== null) xdpHop(walk, walk.world.host, port, packet);
	vethHop(walk, port, site, port !== null && master === null ? expected : master, packet);
	const bridge = master ?? expected;
	if (port === null && bridge === null) return {at: 'nowhere', site, packet};
	const arrived = port === null ? out : passDevice(walk, walk.world.host, 'ingress', port, out);
	if (bridge === null) return {at: 'receive', site: walk.world.host, packet: {...arrived, iif: port, oif: null}, carried: false};
	return {at: 'bridge', bridge, port: port ?? '', packet: arrived, nexthop, from: site};
}

/** The bridge of the network that a container's interface should be on, by the addresses that the engine gave it. */
function bridgeByEngine(walk: Walk, site: Site, family: 4 | 6, interfaceName?: string): string | null {
	const mac = interfaceName === undefined ? null : linkNamed(site.facts, interfaceName)?.mac;
	const ends = site.container?.endpoints ?? [];
	const end =
		ends.find(one => mac !== null && mac !== undefined && one.mac === mac) ??
		ends.find(one => (family === 4 ? one.address : one.address6) !== null);
	return walk.world.networks.find(one => one.id === end?.networkId)?.bridge ?? null;
}
