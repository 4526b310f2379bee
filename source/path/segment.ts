import {canonical} from '../address/ip.js';
import {addressesOf, linkNamed, portsOf, responderOf, valueOr} from '../snapshot/netns.js';
import type {Walk} from './walker.js';
import {behindLink, containersAt, isRunning, type Site, vethsOf} from './world.js';

/** Who answers for an address at layer 2 on one bridge. */
export type Holder =
	| {kind: 'host'}
	/** port: the host's link; null where it is not known. inBridge: that link really is a port of this bridge. */
	| {kind: 'container'; site: Site; interface: string; port: string | null; inBridge: boolean}
	/** Not known here, but the bridge has ports that lead out of what dockhop sees. */
	| {kind: 'beyond'; port: string}
	| {kind: 'nobody'};

/**
 * Finds the holder of an address on a bridge: by the interfaces that were read, else by the engine's endpoints. The container that the engine
 * gave the address is looked at first; where it has it, the namespaces of the bridge's other containers need not be read.
 */
export function holderOn(walk: Walk, bridge: string, address: string): Holder {
	const {world} = walk;
	const wanted = canonical(address);
	const ports = portsOf(world.host.facts, bridge);
	// The host answers ARP for any of its addresses on any link (arp_ignore 0), first for the bridge's own.
	if (addressesOf(world.host.facts, address.includes(':') ? 6 : 4, bridge).some(one => canonical(one.address) === wanted))
		return {kind: 'host'};
	const byEngine = endpointHolder(walk, bridge, wanted);
	if (byEngine?.kind === 'container' && byEngine.port !== null && byEngine.inBridge) return byEngine;
	for (const port of ports) {
		const behind = behindLink(world, port.name);
		if (!behind) continue;
		const owner = responderOf(behind.site.facts, wanted);
		if (owner && owner.link === behind.interface) return {kind: 'container', ...behind, port: port.name, inBridge: true};
	}
	if (byEngine) return byEngine;
	if (responderOf(world.host.facts, wanted)) return {kind: 'host'};
	const foreign = ports.find(port => !behindLink(world, port.name));
	return foreign ? {kind: 'beyond', port: foreign.name} : {kind: 'nobody'};
}

/** The engine says that a container of this bridge's network has the address: its veth may be down, elsewhere or unread. */
function endpointHolder(walk: Walk, bridge: string, wanted: string): Holder | null {
	const {world} = walk;
	const network = world.networks.find(one => one.bridge === bridge);
	for (const container of containersAt(world, wanted).filter(isRunning)) {
		const end = container.endpoints.find(
			one => one.networkId === network?.id && [one.address, one.address6].some(own => own !== null && canonical(own) === wanted),
		);
		if (!end) continue;
		const site = world.siteOf(container);
		const links = valueOr(site.facts.links, []);
		const byMac = links.find(link => link.mac !== null && link.mac === end.mac)?.name;
		const owner = responderOf(site.facts, wanted)?.link;
		// The namespace was read and has lost the address: nobody answers for it.
		if (site.facts.addresses.read && !owner) return null;
		const pairs = vethsOf(world, site);
		const name = owner ?? byMac ?? pairs[0]?.interface ?? 'eth0';
		const port = pairs.find(pair => pair.interface === name)?.link ?? null;
		return {
			kind: 'container',
			site,
			interface: name,
			port,
			inBridge: port === null || linkNamed(world.host.facts, port)?.master === bridge,
		};
	}
	return null;
}
