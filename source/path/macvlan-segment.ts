import {canonical} from '../address/ip.js';
import type {Link, Network} from '../model/index.js';
import {addressesOf, linkNamed, ownerOf, valueOr} from '../snapshot/netns.js';
import {containersAt, isRunning, type Site, type World} from './world.js';

/** A macvlan interface: a container's, or one of the host's own. */
export interface Macvlan {
	site: Site;
	interface: string;
	/** bridge, private, vepa, passthru, source (ip-link(8)). */
	mode: string;
	/** The link of the host that it stands on. */
	parent: Link;
	/** Its mode and parent are the engine's word: the links of its namespace were not read. */
	inferred: boolean;
}

/** The interface of this name, where it is a macvlan and the link below it is known; else null. */
export function macvlanOf(world: World, site: Site, name: string): Macvlan | null {
	const link = linkNamed(site.facts, name);
	if (link) {
		const parent = link.kind === 'macvlan' ? parentOf(world, site, link) : null;
		return parent && {site, interface: name, mode: link.macvlanMode ?? 'bridge', parent, inferred: false};
	}
	if (site.key === 'host' || site.facts.links.read) return null;
	const network = networksOf(world, site)[0];
	const parent = network && linkNamed(world.host.facts, network.options.parent ?? '');
	if (!network || !parent || networksOf(world, site).length !== site.container?.endpoints.length) return null;
	return {site, interface: name, mode: network.options.macvlan_mode ?? 'bridge', parent, inferred: true};
}

/**
 * The macvlan interface on this link that answers for an address: a container's, or the host's own, which answers for every address of the
 * host (arp_ignore 0). null: none does.
 */
export function macvlanHolder(world: World, parent: Link, address: string): Macvlan | null {
	const container = macvlanContainer(world, parent, address);
	if (container) return container;
	if (!ownerOf(world.host.facts, address)) return null;
	const own = valueOr(world.host.facts.links, []).flatMap(link => {
		const found = link.up ? macvlanOf(world, world.host, link.name) : null;
		return found?.parent.index === parent.index ? [found] : [];
	});
	const family = address.includes(':') ? 6 : 4;
	const has = (one: Macvlan) => addressesOf(world.host.facts, family, one.interface).some(each => each.address === canonical(address));
	return own.find(has) ?? own[0] ?? null;
}

/** The macvlan interface of a running container on this link that has the address; null: none. */
export function macvlanContainer(world: World, parent: Link, address: string): Macvlan | null {
	const wanted = canonical(address);
	for (const container of containersAt(world, wanted).filter(isRunning)) {
		const site = world.siteOf(container);
		const end = container.endpoints.find(one => [one.address, one.address6].some(own => own !== null && canonical(own) === wanted));
		const byMac = valueOr(site.facts.links, []).find(link => link.mac !== null && link.mac === end?.mac)?.name;
		const owner = ownerOf(site.facts, wanted)?.link;
		// The namespace was read and has lost the address: nobody answers for it.
		if (site.facts.addresses.read && !owner) continue;
		const found = macvlanOf(world, site, owner ?? byMac ?? 'eth0');
		if (found?.parent.index === parent.index) return found;
	}
	return null;
}

/** The link of the host on which the macvlan interface of the container with this address stands; null: there is none. */
export function macvlanParentAt(world: World, address: string): Link | null {
	const [network] = containersAt(world, address)
		.filter(isRunning)
		.flatMap(container => networksOf(world, world.siteOf(container)))
		.filter(({options}) => options.parent);
	const parent = network && linkNamed(world.host.facts, network.options.parent ?? '');
	return parent && macvlanContainer(world, parent, address) ? parent : null;
}

/** The link below: in the same namespace, else the host's of that index, where the engine says that the container's network stands on it. */
function parentOf(world: World, site: Site, {linkIndex, linkNetnsid}: Link): Link | null {
	const below = valueOr(world.host.facts.links, []).find(({index}) => index === linkIndex) ?? null;
	if (site.key === 'host') return linkNetnsid === null ? below : null;
	if (!below || linkNetnsid === null) return null;
	// A network without a parent gets a dummy of the engine's own (libnetwork, drivers/macvlan: getDummyName).
	const standsOn = ({id, options}: Network) => (options.parent || `dm-${id.slice(0, 12)}`) === below.name;
	return networksOf(world, site).some(standsOn) ? below : null;
}

function networksOf(world: World, {container}: Site): Network[] {
	const ids = new Set(container?.endpoints.map(end => end.networkId));
	return world.networks.filter(({id, driver}) => driver === 'macvlan' && ids.has(id));
}
