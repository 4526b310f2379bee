import {canonical} from '../address/ip.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed, valueOr} from '../snapshot/netns.js';
import type {Holder} from './segment.js';
import {observed, push} from './trail.js';
import type {Walk} from './walker.js';
import type {Site} from './world.js';

/** Adds a hop where nobody answers for the neighbour's address; gives whether it did. */
export function nobodyHop(walk: Walk, site: Site, dev: string, nexthop: string, packet: WalkPacket): void {
	const command = `ip neigh show ${nexthop} dev ${dev}`;
	const says = `nobody on ${dev} has ${nexthop}`;
	push(walk.trail, site, {
		kind: 'neighbour',
		name: nexthop,
		address: nexthop,
		packet,
		cause: 'no-neighbour',
		says,
		command,
		evidence: [observed(says, 'ip addr in every namespace on that link', command)],
	});
}

/** Adds a hop where a permanent neighbour entry carries a MAC address that the holder does not have. */
export function wrongNeighbourHop(walk: Walk, site: Site, dev: string, nexthop: string, holder: Holder, packet: WalkPacket): void {
	const entry = valueOr(site.facts.neighbours, []).find(one => one.dev === dev && canonical(one.address) === canonical(nexthop));
	if (!entry?.mac || !entry.states.includes('PERMANENT')) return;
	const real =
		holder.kind === 'container'
			? linkNamed(holder.site.facts, holder.interface)?.mac
			: holder.kind === 'host'
				? hostMac(walk, site, dev)
				: null;
	if (!real || real.toLowerCase() === entry.mac.toLowerCase()) return;
	const says = `the permanent entry for ${nexthop} is ${entry.mac}, but its interface has ${real}`;
	const command = `ip neigh show ${nexthop} dev ${dev}`;
	push(walk.trail, site, {
		kind: 'neighbour',
		name: nexthop,
		address: nexthop,
		packet,
		cause: 'wrong-neighbour',
		says,
		command,
		evidence: [observed(says, 'ip neigh', command)],
	});
}

/** The MAC address of the bridge that a container's interface leads to. */
function hostMac(walk: Walk, site: Site, dev: string): string | null {
	if (site.key === 'host') return null;
	const pair = valueOr(walk.world.snapshot.veths, []).find(one => one.containerId === site.key && one.interface === dev);
	const links = valueOr(walk.world.host.facts.links, []);
	const port = links.find(link => link.index === pair?.hostIndex);
	return links.find(link => link.name === port?.master)?.mac ?? null;
}
