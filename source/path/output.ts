import {type RouteDecision, routeOutput} from '../netfilter/route-decision.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed} from '../snapshot/netns.js';
import {track} from './conntrack.js';
import {passDevice, passHook} from './hook-hop.js';
import {endpointRoute} from './inferred.js';
import {misrouted} from './misrouted.js';
import {missing, observed, push} from './trail.js';
import type {State, Walk} from './walker.js';
import type {Site} from './world.js';

/** A locally made packet: route, OUTPUT (a rewrite or a changed mark routes it anew), POSTROUTING, and out (ip_local_out). */
export function output(walk: Walk, state: State & {at: 'output'}): State {
	const {site, bound} = state;
	let packet: WalkPacket = {...state.packet, local: true, iif: null, smac: null, dmac: null};
	let decision = routeOutput(site.facts, packet, bound);
	// The source is chosen by one look at the routes, the way by a second one that knows it (ip_route_connect, ip6_dst_lookup_tail).
	if (decision.kind === 'leave' && !packet.src && decision.src) {
		packet = {...packet, src: decision.src};
		decision = routeOutput(site.facts, packet, bound);
	}
	let way = wayOf(site, decision, packet);
	if (decision.kind === 'blocks' || decision.kind === 'unknown') routeHop(walk, site, packet, decision);
	if (!way) return {at: 'nowhere', site, packet};
	packet = {...packet, oif: way.oif, src: packet.src || chosenSource(decision) || (way.oif === 'lo' ? packet.dst : sourceOf(site, packet))};
	packet = passHook(walk, site, 'output', track(walk.table, site, packet));
	const {routedBy} = packet;
	if (routedBy) {
		packet = {...packet, routedBy: undefined};
		// ip_route_me_harder: the source stays, the link is chosen anew.
		decision = routeOutput(site.facts, {...packet, ...routedBy, oif: null}, null);
		way = wayOf(site, decision, packet);
		if (decision.kind === 'blocks' || decision.kind === 'unknown') routeHop(walk, site, packet, decision);
		if (!way) return {at: 'nowhere', site, packet};
		packet = {...packet, oif: way.oif};
	}
	if (decision.kind === 'leave') routeHop(walk, site, packet, decision);
	packet = passHook(walk, site, 'postrouting', packet);
	if (way.oif !== 'lo') return {at: 'transmit', site, packet, nexthop: way.nexthop};
	return overLo(walk, site, packet, decision);
}

/** What is for an address of the namespace itself goes out by lo and comes in by it. */
function overLo(walk: Walk, site: Site, packet: WalkPacket, decision: RouteDecision): State {
	const down = linkNamed(site.facts, 'lo')?.up === false;
	push(walk.trail, site, {
		kind: 'interface',
		name: 'lo',
		packet,
		cause: down ? 'link-down' : null,
		address: packet.dst,
		says: down ? 'lo is down' : `${packet.dst} is its own address: the packet stays inside`,
		command: decision.command(),
	});
	const sent = passDevice(walk, site, 'egress', 'lo', packet);
	return {at: 'receive', site, packet: {...passDevice(walk, site, 'ingress', 'lo', sent), iif: 'lo', oif: null}, carried: true};
}

function chosenSource(decision: RouteDecision): string | null {
	return decision.kind === 'leave' || decision.kind === 'local' ? decision.src : null;
}

/** Adds the hop of a routing decision. */
export function routeHop(walk: Walk, site: Site, packet: WalkPacket, decision: RouteDecision): void {
	const lost = decision.kind === 'leave' ? misrouted(walk, site, packet, decision.oif) : null;
	const command = decision.command();
	const says = decision.says();
	const route = decision.kind === 'leave' ? decision.route() : null;
	push(walk.trail, site, {
		kind: 'route',
		name: decision.kind === 'leave' ? `table ${decision.table}` : '',
		packet,
		cause: lost ? 'misrouted' : decision.kind === 'blocks' ? decision.cause : null,
		gap: decision.kind === 'unknown' ? decision.gap : null,
		address: route,
		says: lost ?? route ?? says,
		command,
		evidence: decision.kind === 'unknown' ? [missing(decision.gap)] : [observed(lost ?? says, 'ip route, ip rule', command)],
	});
}

/** Where the packet goes on: as decided, else as it would beyond a block, else (routes not read) as the engine's endpoints say. */
export function wayOf(site: Site, decision: RouteDecision, packet: WalkPacket): {oif: string; nexthop: string} | null {
	if (decision.kind === 'leave') return {oif: decision.oif, nexthop: decision.nexthop};
	if (decision.kind === 'local') return {oif: 'lo', nexthop: packet.dst};
	if (decision.beyond?.kind === 'leave') return {oif: decision.beyond.oif, nexthop: decision.beyond.nexthop};
	if (decision.beyond?.kind === 'local') return {oif: 'lo', nexthop: packet.dst};
	return site.facts.routes.read ? null : endpointRoute(site.container, packet.dst);
}

/** A source for a packet whose way is only inferred: the endpoint's own address. */
function sourceOf(site: Site, packet: WalkPacket): string {
	const ends = site.container?.endpoints ?? [];
	return (
		ends.map(end => (packet.family === 4 ? end.address : end.address6)).find(address => address !== null) ??
		(packet.family === 4 ? '0.0.0.0' : '::')
	);
}
