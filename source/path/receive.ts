import {isLoopback} from '../address/ip.js';
import {routeInput} from '../netfilter/route-decision.js';
import {routeText} from '../netfilter/routing.js';
import type {WalkPacket} from '../netfilter/types.js';
import {interfaceSetting, linkNamed} from '../snapshot/netns.js';
import {noteBypassedForward, noteBypassedInput} from './bypassed.js';
import {track} from './conntrack.js';
import {passHook} from './hook-hop.js';
import {takenAsOwn} from './misrouted.js';
import {routeHop, wayOf} from './output.js';
import {observed, push} from './trail.js';
import type {State, Walk} from './walker.js';
import type {Site} from './world.js';

/** A packet that came in at layer 3: PREROUTING, the routing decision, then INPUT or FORWARD and POSTROUTING (ip_rcv, ip_forward). */
export function receive(walk: Walk, state: State & {at: 'receive'}): State {
	const {site} = state;
	noteStrayLoopback(walk, site, state.packet);
	noteDisabledFamily(walk, site, state.packet);
	const packet = state.entered ? state.packet : enter(walk, site, state.packet, state.carried);
	const decision = routeInput(site.facts, packet);
	const way = wayOf(site, decision, packet);
	if (decision.kind === 'local' || (way?.oif === 'lo' && decision.kind !== 'leave')) {
		if (decision.kind !== 'local') routeHop(walk, site, packet, decision);
		else noteTakenAsOwn(walk, site, packet);
		return {at: 'socket', site, packet: passHook(walk, site, 'input', {...packet, oif: null})};
	}
	if (site.key === 'host' && walk.role === 'request') noteBypassedInput(walk, site, state.packet, packet);
	routeHop(walk, site, {...packet, oif: way?.oif ?? null}, decision);
	if (!way) return {at: 'nowhere', site, packet};
	return forward(walk, site, {...packet, oif: way.oif}, way.nexthop);
}

/** PREROUTING for a packet that came in by packet.iif. */
export function enter(walk: Walk, site: Site, packet: WalkPacket, carried: boolean): WalkPacket {
	const arrived = {...packet, local: false, uid: null, gid: null, oif: null, ctCarried: carried};
	return passHook(walk, site, 'prerouting', carried ? arrived : track(walk.table, site, arrived));
}

function forward(walk: Walk, site: Site, packet: WalkPacket, nexthop: string): State {
	const ttl = packet.ttl === null ? null : packet.ttl - 1;
	if (ttl !== null && ttl < 1) {
		push(walk.trail, site, {
			kind: 'route',
			name: 'TTL',
			packet,
			cause: 'ttl-exceeded',
			says: `the packet's TTL is ${packet.ttl}: it may not be forwarded`,
		});
	}
	const forwarded = passHook(walk, site, 'forward', {...packet, ttl});
	if (site.key === 'host' && walk.role === 'request' && packet.ctNat.dnat) noteBypassedForward(walk, site, {...packet, ttl});
	return {at: 'transmit', site, packet: passHook(walk, site, 'postrouting', forwarded), nexthop};
}

/** Adds a hop where the host keeps what is for a container. */
function noteTakenAsOwn(walk: Walk, site: Site, packet: WalkPacket): void {
	const taken = takenAsOwn(walk, site, packet);
	if (!taken) return;
	const {says, route} = taken;
	const command = `ip route show table ${route.table} type local ${route.dst}`;
	push(walk.trail, site, {
		kind: 'route',
		name: `table ${route.table}`,
		address: routeText(route),
		packet,
		cause: 'misrouted',
		says,
		command,
		evidence: [observed(says, 'ip route', command)],
	});
}

/** ipv6_rcv drops what comes from or for ::1 anywhere but on lo, before any rule. */
function noteStrayLoopback(walk: Walk, site: Site, packet: WalkPacket): void {
	const link = packet.iif;
	const strange = [packet.src, packet.dst].find(isLoopback);
	if (packet.family !== 6 || strange === undefined || link === null || linkNamed(site.facts, link)?.kind === 'loopback') return;
	const says = `a packet ${strange === packet.dst ? 'for' : 'from'} ${strange} on ${link} is a martian`;
	const command = `ip -6 addr show ${link}`;
	push(walk.trail, site, {
		kind: 'route',
		name: '',
		packet,
		cause: 'martian',
		says,
		command,
		evidence: [observed(says, 'ipv6(7)', command)],
	});
}

/** ipv6_rcv drops what comes in where disable_ipv6 is set on the link. What only crosses a bridge does not come there. */
function noteDisabledFamily(walk: Walk, site: Site, packet: WalkPacket): void {
	const link = packet.iif;
	if (packet.family !== 6 || link === null || interfaceSetting(site.facts, 6, link, 'disable_ipv6') !== 1) return;
	const command = `sysctl net.ipv6.conf.${link}.disable_ipv6`;
	const says = `IPv6 is switched off on ${link}`;
	push(walk.trail, site, {
		kind: linkNamed(site.facts, link)?.kind === 'bridge' ? 'bridge' : 'interface',
		name: link,
		packet,
		cause: 'link-down',
		says,
		command,
		evidence: [observed(says, 'sysctl', command)],
	});
}
