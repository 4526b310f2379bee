import type {FdbEntry} from '../model/index.js';
import {routeInput} from '../netfilter/route-decision.js';
import type {WalkPacket} from '../netfilter/types.js';
import {lookup} from '../snapshot/lookup.js';
import {linkNamed, sysctl} from '../snapshot/netns.js';
import {lockedOut} from './asking.js';
import {passBridge, passDevice, passHook} from './hook-hop.js';
import {bridgeHop} from './link-hops.js';
import {neighbourHop, nobodyHop} from './neighbour-hop.js';
import {enter} from './receive.js';
import {type Holder, holderOn} from './segment.js';
import {missing, observed, push} from './trail.js';
import {forwardingHop, intoContainer, isHeard, leaving} from './transmit.js';
import type {State, Walk} from './walker.js';
import type {Site} from './world.js';

/**
 * A frame of a container at a port of a bridge: up to the host where the host holds the neighbour's address, else out of the
 * port of the container that does. br_netfilter shows frames to the IP hooks where bridge-nf-call-(ip|ip6)tables is 1, in between the
 * bridge's own chains (br_netfilter_hooks.c); a destination rewritten there may turn a bridged packet into a routed one.
 */
export function bridge(walk: Walk, state: State & {at: 'bridge'}): State {
	const {from, nexthop} = state;
	const {host} = walk.world;
	const name = state.bridge;
	const port = state.port === '' ? null : state.port;
	const holder = holderOn(walk, name, nexthop);
	const dev = from.key === 'host' ? name : (state.packet.oif ?? 'eth0');
	neighbourHop(walk, from, dev, nexthop, holder, state.packet);
	if (holder.kind === 'nobody') nobodyHop(walk, from, dev, nexthop, state.packet);
	bridgeHop(walk, name, state.packet);
	if (port !== null) lockedHop(walk, name, port, linkNamed(from.facts, dev)?.mac ?? null, state.packet);
	const seen = callsIptables(walk, state.packet.family, name);
	const {packet, freed} = prerouting(walk, name, port, state.packet, seen);
	if (freed) return refused(host, name, packet);
	const target = seen && packet.dst !== state.packet.dst ? newHolder(walk, name, {...packet, iif: name}) : holder;
	if (target.kind === 'host') return toHost(walk, name, port, packet, seen);
	if (target.kind === 'nobody') {
		if (target !== holder) nobodyHop(walk, walk.world.host, name, packet.dst, packet);
		return {at: 'nowhere', site: from, packet};
	}
	portsHop(walk, port, target.port, packet);
	// A bridge asks its table before it asks any rule: br_flood and should_deliver stand before the hooks (br_forward.c).
	if (target.kind === 'container') forwardingHop(walk, target, name, packet, isHeard(walk, from, dev, nexthop));
	const out = across(walk, name, {iif: port, oif: target.port}, packet, seen);
	if (target.kind === 'beyond') return {at: 'left', site: host, packet: leaving(walk, target.port, out), nic: target.port};
	return intoContainer(walk, target.site, target.interface, target.port, name, leaving(walk, target.port, out));
}

/** A frame for this host comes in from outside, at the port of a bridge that stands for the NIC. */
export function fromOutside(walk: Walk, name: string, port: string, packet: WalkPacket): State {
	const seen = callsIptables(walk, packet.family, name);
	const arrived = prerouting(walk, name, port, passDevice(walk, walk.world.host, 'ingress', port, packet), seen);
	return arrived.freed ? refused(walk.world.host, name, arrived.packet) : toHost(walk, name, port, arrived.packet, seen);
}

/** The routes refuse it: it comes to no other chain of the bridge. */
function refused(site: Site, name: string, packet: WalkPacket): State {
	return {at: 'receive', site, packet: {...packet, iif: name, oif: null}, carried: false, entered: true};
}

/** The bridge's own PREROUTING chains, and in between, where br_netfilter calls it, the one of IP. */
function prerouting(
	walk: Walk,
	name: string,
	port: string | null,
	packet: WalkPacket,
	seen: boolean,
): {packet: WalkPacket; freed: boolean} {
	const ports = {iif: port, oif: null};
	if (!seen) return {packet: passBridge(walk, 'prerouting', ports, packet), freed: false};
	const before = passBridge(walk, 'prerouting', ports, packet, 'before');
	const after = enter(walk, walk.world.host, {...before, physIn: port, iif: name}, false);
	const freed = after.dst !== packet.dst && isUnroutable(walk, {...after, iif: name});
	return {packet: freed ? after : passBridge(walk, 'prerouting', ports, after, 'behind'), freed};
}

/**
 * br_netfilter asks the routes itself about a destination that was rewritten, and frees what they refuse outright before any other chain of
 * the bridge: IPv4 for its source, IPv6 for want of a way (br_nf_pre_routing_finish, br_nf_pre_routing_finish_ipv6).
 */
function isUnroutable(walk: Walk, packet: WalkPacket): boolean {
	const input = routeInput(walk.world.host.facts, packet);
	if (input.kind !== 'blocks') return false;
	return packet.family === 4 ? input.cause === 'martian' || input.cause === 'rp-filter' : input.cause !== 'forwarding-off';
}

/**
 * Who takes a frame whose destination br_netfilter has rewritten: a neighbour on this bridge, where the routes lead there, else the
 * host, which routes or refuses it (br_nf_pre_routing_finish; for IPv6 whether it forwards is asked later, in ip6_forward).
 */
function newHolder(walk: Walk, name: string, packet: WalkPacket): Holder {
	const {facts} = walk.world.host;
	const input = routeInput(facts, packet);
	const unforwarded = packet.family === 6 && input.kind === 'blocks' && input.cause === 'forwarding-off';
	const way = unforwarded ? input.beyond : input;
	return way?.kind === 'leave' && way.oif === name ? holderOn(walk, name, way.nexthop) : {kind: 'host'};
}

/** Up to the host, as if it had come in by the bridge itself. */
function toHost(walk: Walk, name: string, port: string | null, packet: WalkPacket, seen: boolean): State {
	const {host} = walk.world;
	forgottenHop(walk, name, packet);
	const up = passBridge(walk, 'input', {iif: port, oif: null}, packet);
	const arrived = passDevice(walk, host, 'ingress', name, up);
	return {at: 'receive', site: host, packet: {...arrived, iif: name, oif: null}, carried: false, entered: seen};
}

/** A bridge hands up what is for a MAC address that its table knows as local; without that entry frames for the host go to the ports. */
function forgottenHop(walk: Walk, name: string, packet: WalkPacket): void {
	const {fdb} = walk.world.host.facts;
	const mac = linkNamed(walk.world.host.facts, name)?.mac?.toLowerCase();
	if (!fdb.read || !mac) return;
	const own = entriesByMac(fdb.value, mac).some(entry => entry.state === 'permanent' && (entry.dev === name || entry.master === name));
	if (own) return;
	const says = `${name} has no entry for its own address ${mac}: frames for this host are not handed up`;
	const command = `bridge fdb show br ${name}`;
	push(walk.trail, walk.world.host, {
		kind: 'bridge',
		name,
		packet,
		cause: 'port-not-forwarding',
		says,
		command,
		evidence: [observed(says, 'bridge fdb', command)],
	});
}

/** From one port to another: FORWARD and POSTROUTING of the bridge, and of IP where br_netfilter calls it. */
function across(walk: Walk, name: string, ports: Ports, packet: WalkPacket, seen: boolean): WalkPacket {
	const {host} = walk.world;
	const outwards = {iif: null, oif: ports.oif};
	if (!seen) return passBridge(walk, 'postrouting', outwards, passBridge(walk, 'forward', ports, packet));
	const before = passBridge(walk, 'forward', ports, packet, 'before');
	const between = passHook(walk, host, 'forward', {...before, iif: name, oif: name, physOut: ports.oif});
	const after = passBridge(walk, 'postrouting', outwards, passBridge(walk, 'forward', ports, between, 'behind'));
	return passHook(walk, host, 'postrouting', {...after, iif: null, oif: name});
}

interface Ports {
	iif: string | null;
	oif: string | null;
}

/** Whether br_netfilter calls the IP hooks for frames of this bridge in the host's namespace. */
function callsIptables(walk: Walk, family: 4 | 6, name: string): boolean {
	const own = linkNamed(walk.world.host.facts, name)?.bridge;
	if ((family === 4 ? own?.callIptables : own?.callIp6tables) === true) return true;
	const which = family === 4 ? 'iptables' : 'ip6tables';
	return sysctl(walk.world.host.facts, `net.bridge.bridge-nf-call-${which}`) === 1;
}

/** Adds a hop where the port takes nothing from the sender. */
function lockedHop(walk: Walk, bridge: string, port: string, mac: string | null, packet: WalkPacket): void {
	const found = lockedOut(walk, bridge, port, mac);
	if (!found) return;
	const told =
		'gap' in found ? {evidence: [missing(found.gap)]} : {evidence: [observed(found.says, 'ip -d link, bridge fdb', found.command)]};
	push(walk.trail, walk.world.host, {kind: 'bridge', name: port, packet, ...found, ...told});
}

/** Two isolated ports do not see each other; a frame does not go back out of its own port without hairpin (bridge(8)). */
function portsHop(walk: Walk, inPort: string | null, outPort: string | null, packet: WalkPacket): void {
	const [entry, exit] = [inPort, outPort].map(name => (name === null ? null : (linkNamed(walk.world.host.facts, name)?.port ?? null)));
	const says =
		inPort === outPort && entry && !entry.hairpin
			? `${inPort} does not send back what came in by it: hairpin is off`
			: entry?.isolated && exit?.isolated
				? `${inPort} and ${outPort} are isolated from each other`
				: null;
	if (!says) return;
	const command = 'bridge -d link';
	push(walk.trail, walk.world.host, {
		kind: 'bridge',
		name: inPort ?? '',
		packet,
		cause: 'port-not-forwarding',
		says,
		command,
		evidence: [observed(says, 'ip -d link', command)],
	});
}

const entriesByMac = lookup((entry: FdbEntry) => [entry.mac.toLowerCase()]);
