import type {Gap, Link} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed, ownerOf} from '../snapshot/netns.js';
import {passDevice} from './hook-hop.js';
import {interfaceHop, nicHop} from './link-hops.js';
import {type Macvlan, macvlanContainer, macvlanHolder} from './macvlan-segment.js';
import {neighbourHop, nobodyHop, strangeNeighbourHop, unansweredHop} from './neighbour-hop.js';
import {inferred, observed, push} from './trail.js';
import type {State, Walk} from './walker.js';
import {containersAt, isRunning, type Site} from './world.js';

/**
 * A packet leaves by a macvlan interface: to another one on the same link, which the kernel hands it at once (mode bridge), or out by that link,
 * which never hands it to the host itself (drivers/net/macvlan.c, macvlan_queue_xmit).
 */
export function fromMacvlan(walk: Walk, own: Macvlan, {site, packet, nexthop}: State & {at: 'transmit'}): State {
	const {host} = walk.world;
	const {parent, interface: oif} = own;
	const smac = linkNamed(site.facts, oif)?.mac ?? null;
	const sent = passDevice(walk, site, 'egress', oif, {...packet, smac, dmac: null});
	interfaceHop(walk, site, oif, packet);
	const out = elsewhere(sent);
	const nowhere = {at: 'nowhere', site, packet: out} as const;
	const holder = macvlanHolder(walk.world, parent, nexthop);
	macvlanHop(walk, own, packet);
	if (holder) {
		if (apart(walk, own, holder, nexthop, packet)) return nowhere;
		neighbourHop(
			walk,
			site,
			oif,
			nexthop,
			{kind: 'container', site: holder.site, interface: holder.interface, port: null, inBridge: true},
			packet,
		);
		// It comes up from the link as if it had been received there (dev_forward_skb).
		return intoMacvlan(walk, holder, passDevice(walk, host, 'ingress', parent.name, out));
	}
	const owner = ownerOf(host.facts, nexthop);
	// Another link of the host may stand on the same LAN: what went out by this one comes in again by that.
	if (owner && (owner.link === parent.name || parent.kind === 'dummy')) {
		unheardHop(walk, site, parent.name, nexthop, packet, `ip neigh show ${nexthop} dev ${oif}`);
		return nowhere;
	}
	if (parent.kind === 'dummy') {
		nobodyHop(walk, site, oif, nexthop, packet);
		return nowhere;
	}
	const here = [nexthop, packet.dst].find(address => isHere(walk, address));
	if (here !== undefined) {
		const why = `${here} is on this host, but the packet goes out by ${parent.name} to ${nexthop}: whether it comes back from there cannot be seen`;
		strangeNeighbourHop(walk, site, oif, nexthop, packet, why);
	} else unansweredHop(walk, site, oif, nexthop, packet);
	const gone = passDevice(walk, host, 'egress', parent.name, out);
	nicHop(walk, parent.name, gone, 'beside');
	return {at: 'left', site: host, packet: gone, nic: parent.name};
}

/** A frame from outside at a link of the host, for a macvlan container that stands on it: the host's own rules never see it. null: it is for none. */
export function fromOutsideToMacvlan(walk: Walk, nic: string, packet: WalkPacket): State | null {
	const parent = linkNamed(walk.world.host.facts, nic);
	const holder = parent && macvlanContainer(walk.world, parent, packet.dst);
	if (!holder) return null;
	const arrived = passDevice(walk, walk.world.host, 'ingress', nic, packet);
	macvlanHop(walk, holder, packet);
	return intoMacvlan(walk, holder, arrived);
}

/** The source of what the driver itself keeps apart. */
export const macvlanDriver = 'driver macvlan (drivers/net/macvlan.c)';

/** An address of the host, or of a container of it. */
function isHere({world}: Walk, address: string): boolean {
	return ownerOf(world.host.facts, address) !== null || containersAt(world, address).some(isRunning);
}

/** Adds the hop of a question that nobody hears: what the host sends by a link goes out, never to the macvlan interfaces on it, nor back. */
export function unheardHop(walk: Walk, site: Site, parent: string, address: string, packet: WalkPacket, command: string): void {
	const says = `nothing passes between ${parent} and the macvlan interfaces on it: ${address} does not answer ${site.of ?? 'this host'}`;
	push(walk.trail, site, {
		kind: 'neighbour',
		name: address,
		address,
		packet,
		cause: 'no-neighbour',
		says,
		command,
		evidence: [observed(says, macvlanDriver, command)],
	});
}

function intoMacvlan(walk: Walk, {site, interface: name}: Macvlan, packet: WalkPacket): State {
	interfaceHop(walk, site, name, packet);
	const fresh = {...elsewhere(packet), iif: name, oif: null};
	return {at: 'receive', site, packet: passDevice(walk, site, 'ingress', name, fresh), carried: false};
}

/** The parent link as a switch between the interfaces on it: it has to be up. */
function macvlanHop(walk: Walk, own: Macvlan, packet: WalkPacket): void {
	const {parent, mode, interface: name, site} = own;
	const command = `ip -d link show ${parent.name}`;
	const fact = `${name}${site.of ? ` of ${site.of}` : ''} is a macvlan of mode ${mode} on ${parent.name}`;
	const down = !parent.up ? `${parent.name} is down` : parent.carrier ? null : `${parent.name} has no carrier`;
	push(walk.trail, walk.world.host, {
		kind: 'macvlan',
		name: parent.name,
		names: walk.world.networks.filter(({driver, options}) => driver === 'macvlan' && options.parent === parent.name).map(one => one.name),
		packet,
		cause: down ? 'link-down' : null,
		gap:
			down || mode !== 'source'
				? null
				: {id: 'not-read', why: `${name} takes only frames of listed MAC addresses (mode source): the list is not read`, tell: command},
		says: down ?? (mode === 'source' ? '' : `mode ${mode}`),
		command,
		evidence: [own.inferred ? inferred(fact, "the engine's network", 'docker network inspect') : observed(fact, 'ip -d link', command)],
	});
}

/** Adds a hop where the modes of two interfaces on one link keep them apart (ip-link(8): private, vepa). Gives whether it did. */
function apart(walk: Walk, own: Macvlan, holder: Macvlan, address: string, packet: WalkPacket): boolean {
	if (own.mode === 'bridge' && holder.mode === 'bridge') return false;
	const modes = `${own.interface} is in mode ${own.mode}, ${holder.interface} of ${holder.site.of ?? 'the host'} in mode ${holder.mode}`;
	const command = `ip -d link show ${own.interface}`;
	const closed = own.mode === 'private' || holder.mode === 'private';
	const gap: Gap = {
		id: 'out-of-sight',
		why: `${modes}: the frame goes out by ${own.parent.name}, and comes back only where the switch there returns it`,
		tell: command,
	};
	const says = `${modes}: they take nothing from each other`;
	push(walk.trail, own.site, {
		kind: 'neighbour',
		name: address,
		address,
		packet,
		command,
		...(closed ? {cause: 'no-neighbour' as const, says, evidence: [observed(says, 'ip -d link', command)]} : {gap}),
	});
	return true;
}

/** What belongs to one namespace does not come along to the next. */
function elsewhere(packet: WalkPacket): WalkPacket {
	const none = {iif: null, physIn: null, physOut: null, uid: null, gid: null, ctState: null, ctZone: undefined, touchedSets: undefined};
	return {...packet, ...none, mark: 0, local: false};
}

/** Whether frames that arrive by this link of the host may be for a macvlan container with this address. */
export function isMacvlanAt(walk: Walk, nic: string, address: string): boolean {
	const parent: Link | null = linkNamed(walk.world.host.facts, nic);
	return parent !== null && macvlanContainer(walk.world, parent, address) !== null;
}
