import type {CauseId, Neighbour} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed, neighbourOf} from '../snapshot/netns.js';
import type {Holder} from './segment.js';
import {observed, push} from './trail.js';
import type {Walk} from './walker.js';
import {type Site, vethsOf} from './world.js';

/** Adds a hop where nobody answers for the neighbour's address. */
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

/**
 * Adds a hop where the neighbour's entry cannot lead to its holder: a permanent one with a MAC address that the holder does not have, or
 * none on a link that asks for no neighbours (IFF_NOARP). Where the kernel got no answer when it asked last, that is an assumption: it
 * asks again for the next packet.
 */
export function neighbourHop(walk: Walk, site: Site, dev: string, nexthop: string, holder: Holder, packet: WalkPacket): void {
	const entry = neighbourOf(site.facts, dev, nexthop);
	const command = `ip neigh show ${nexthop} dev ${dev}`;
	const silent = entry?.states.some(state => state === 'FAILED' || state === 'INCOMPLETE') === true;
	const trouble = wrongEntry(walk, site, dev, nexthop, holder, entry) ?? unasked(site, dev, nexthop, entry);
	if (silent && !trouble) {
		const text = `${nexthop} answers on ${dev}, although it did not when the kernel asked last`;
		walk.trail.assumptions.push({id: 'neighbour-answers', text, command});
	}
	if (!trouble) return;
	push(walk.trail, site, {
		kind: 'neighbour',
		name: nexthop,
		address: nexthop,
		packet,
		cause: trouble.cause,
		says: trouble.says,
		command,
		evidence: [observed(trouble.says, 'ip neigh, ip link', command)],
	});
}

interface Trouble {
	cause: CauseId;
	says: string;
}

function wrongEntry(walk: Walk, site: Site, dev: string, nexthop: string, holder: Holder, entry: Neighbour | null): Trouble | null {
	if (!entry?.mac || !entry.states.includes('PERMANENT')) return null;
	const real =
		holder.kind === 'container'
			? linkNamed(holder.site.facts, holder.interface)?.mac
			: holder.kind === 'host'
				? hostMac(walk, site, dev)
				: null;
	if (!real || real.toLowerCase() === entry.mac.toLowerCase()) return null;
	return {cause: 'wrong-neighbour', says: `the permanent entry for ${nexthop} is ${entry.mac}, but its interface has ${real}`};
}

/** IPv6 asks by multicast whatever the flag says; only ARP is switched off. */
function unasked(site: Site, dev: string, nexthop: string, entry: Neighbour | null): Trouble | null {
	if (nexthop.includes(':') || linkNamed(site.facts, dev)?.noArp !== true) return null;
	if (entry?.mac && !entry.states.some(state => state === 'NOARP' || state === 'FAILED' || state === 'INCOMPLETE')) return null;
	return {cause: 'no-neighbour', says: `${dev} does not ask for neighbours (NOARP), and no entry for ${nexthop} is there`};
}

/** The MAC address of the bridge that a container's interface leads to. */
function hostMac(walk: Walk, site: Site, dev: string): string | null {
	if (site.key === 'host') return null;
	const {facts} = walk.world.host;
	const name = vethsOf(walk.world, site).find(one => one.interface === dev)?.link;
	const master = name === undefined ? null : linkNamed(facts, name)?.master;
	return master ? (linkNamed(facts, master)?.mac ?? null) : null;
}
