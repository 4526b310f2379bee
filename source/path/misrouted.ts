import {canonical, isLoopback, isWithin} from '../address/ip.js';
import type {Link, Route} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {addressesOf, interfaceSetting, linkNamed, ownerOf, valueOr} from '../snapshot/netns.js';
import type {Walk} from './walker.js';
import {containersAt, containersPublishing, isRunning, type Site} from './world.js';

/**
 * Whether the host's route leads a packet for a container (or an address) of this host somewhere else: another device, the
 * NIC, a tunnel. Gives the sentence; null where the route is right or the target is not on this host.
 */
export function misrouted(walk: Walk, site: Site, packet: WalkPacket, oif: string): string | null {
	if (linkNamed(site.facts, oif)?.kind === 'loopback' && site.facts.addresses.read && !ownerOf(site.facts, packet.dst))
		return `${packet.dst} is no address of ${site.of ?? 'this host'}, but its route leaves by ${oif} and comes back`;
	if (isLoopback(packet.dst) && oif !== 'lo') {
		const off = packet.family === 6 && interfaceSetting(site.facts, 6, 'lo', 'disable_ipv6') === 1;
		return `lo of ${site.of ?? 'this host'} has no ${packet.dst}${off ? ': IPv6 is switched off on lo' : ''}, and its route leaves by ${oif}`;
	}
	if (site.key !== 'host') return null;
	const owned = ownerOf(site.facts, packet.dst);
	if (owned?.flags.some(flag => flag === 'tentative' || flag === 'dadfailed'))
		return `${packet.dst} is not usable on ${owned.link} yet: ${owned.flags.join(', ')}`;
	if (owned) return `${packet.dst} is an address of this host (${owned.link}), but its route leaves by ${oif}`;
	const wanted = canonical(packet.dst);
	const published = containersPublishing(walk.world, packet.dport ?? 0, packet.proto).find(one =>
		[...one.published, ...one.requested].some(port => canonical(port.hostAddress) === wanted && port.hostPort === packet.dport),
	);
	if (published && site.facts.addresses.read)
		return `${packet.dst}, where ${published.name} is published, is no address of this host any more: the route leaves by ${oif}`;
	for (const container of containersAt(walk.world, wanted).filter(isRunning)) {
		for (const end of container.endpoints) {
			if (![end.address, end.address6].some(address => address !== null && canonical(address) === wanted)) continue;
			const bridge = walk.world.networks.find(network => network.id === end.networkId)?.bridge;
			if (!bridge || bridge === oif) continue;
			if (leadsInto(walk, oif, bridge)) continue;
			const link = linkNamed(walk.world.host.facts, bridge);
			const reason = walk.world.host.facts.links.read ? gone(walk, bridge, link, packet.family) : null;
			if (reason) return `${reason}: its route is gone, and ${packet.dst} (${container.name}) is sent out by ${oif}`;
			return `${packet.dst} is ${container.name} on ${bridge}, but its route leaves by ${oif}`;
		}
	}
	return null;
}

/**
 * The host takes a packet for a container's address as its own, although it has no such address: a route of type local that somebody added.
 * Gives the sentence and the route; null where the address is its own.
 */
export function takenAsOwn(walk: Walk, site: Site, packet: WalkPacket): {says: string; route: Route} | null {
	if (site.key !== 'host' || !site.facts.addresses.read || ownerOf(site.facts, packet.dst)) return null;
	const container = containersAt(walk.world, canonical(packet.dst)).find(isRunning);
	const route = valueOr(site.facts.routes, []).find(({type, dst}) => type === 'local' && isWithin(packet.dst, dst));
	return container && route ? {says: `${packet.dst} is ${container.name}, but a local route takes it for this host's own`, route} : null;
}

/** A bridge that is missing, down or without an address has lost the route to its network. */
function gone(walk: Walk, bridge: string, link: Link | null, family: 4 | 6): string | null {
	if (!link) return `${bridge} is missing`;
	if (!link.up) return `${bridge} is down`;
	return addressesOf(walk.world.host.facts, family, bridge).length === 0 ? `${bridge} has no address` : null;
}

/** A link above or below the bridge (VLAN, VRF) may still lead there. */
function leadsInto(walk: Walk, oif: string, bridge: string): boolean {
	const link = linkNamed(walk.world.host.facts, oif);
	const target = linkNamed(walk.world.host.facts, bridge);
	if (!link || !target) return !valueOr(walk.world.host.facts.links, []).length;
	return link.linkIndex === target.index && link.linkNetnsid === null;
}
