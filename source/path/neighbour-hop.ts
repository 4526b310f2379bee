import {canonical} from '../address/ip.js';
import type {CauseId, Neighbour} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {interfaceSetting, linkNamed, neighbourOf, ownerOf, valueOr} from '../snapshot/netns.js';
import {wasAsked} from './acquaintance.js';
import {bridgeBehind, isUsable, silenceOf} from './asking.js';
import type {Holder} from './segment.js';
import {missing, observed, push} from './trail.js';
import type {Walk} from './walker.js';
import {containersAt, isRunning, type Site, vethsOf} from './world.js';

/** Adds a hop where a neighbour outside this host did not answer when the kernel asked last: whether it does now cannot be told. */
export function unansweredHop(walk: Walk, site: Site, dev: string, nexthop: string, packet: WalkPacket): void {
	const entry = neighbourOf(site.facts, dev, nexthop);
	if (!entry?.states.some(name => name === 'FAILED' || name === 'INCOMPLETE')) return;
	strangeNeighbourHop(walk, site, dev, nexthop, packet, `${nexthop} did not answer on ${dev} when the kernel asked last`);
}

/** Adds a hop for a neighbour outside this host of which something speaks against its taking the packet. */
export function strangeNeighbourHop(walk: Walk, site: Site, dev: string, nexthop: string, packet: WalkPacket, why: string): void {
	const gap = {id: 'out-of-sight' as const, why, tell: `ip neigh show ${nexthop} dev ${dev}`};
	push(walk.trail, site, {kind: 'neighbour', name: nexthop, address: nexthop, packet, gap});
}

/** Adds a hop where nobody answers for the neighbour's address. */
export function nobodyHop(walk: Walk, site: Site, dev: string, nexthop: string, packet: WalkPacket): void {
	const off = unanswered(walk, nexthop);
	const says = `nobody on ${dev} has ${nexthop}${off ? `: ${off.says}` : ''}`;
	const command = off?.command ?? `ip neigh show ${nexthop} dev ${dev}`;
	push(walk.trail, site, {
		kind: 'neighbour',
		name: nexthop,
		address: nexthop,
		packet,
		cause: 'no-neighbour',
		says,
		command,
		...(off ? {shownIn: off.site} : {}),
		evidence: [observed(says, 'ip addr in every namespace on that link', command)],
	});
}

/** Why the container to which the engine gave the address does not answer: IPv6 is off on its interface, or somebody else had the address first. */
function unanswered(walk: Walk, address: string): {says: string; command: string; site: Site} | null {
	for (const container of address.includes(':') ? containersAt(walk.world, address).filter(isRunning) : []) {
		const site = walk.world.siteOf(container);
		const refused = ownerOf(site.facts, address);
		if (refused?.flags.includes('dadfailed')) {
			const says = `duplicate address detection failed on ${refused.link} of ${container.name}: somebody else has it`;
			return {says, command: `ip -6 addr show dev ${refused.link} dadfailed`, site};
		}
		const mac = container.endpoints.find(end => end.address6 !== null && canonical(end.address6) === canonical(address))?.mac;
		const link = valueOr(site.facts.links, []).find(one => one.mac !== null && one.mac === mac)?.name;
		if (link === undefined || interfaceSetting(site.facts, 6, link, 'disable_ipv6') !== 1) continue;
		return {says: `IPv6 is switched off on ${link} of ${container.name}`, command: `sysctl net.ipv6.conf.${link}.disable_ipv6`, site};
	}
	return null;
}

/**
 * Adds a hop where the neighbour's entry cannot lead to its holder (a MAC address that the holder does not have), or where there is no entry and
 * the question for it stays without an answer. Where the kernel got no answer when it asked last, that is an assumption: it asks again
 * for the next packet.
 */
export function neighbourHop(walk: Walk, site: Site, dev: string, nexthop: string, holder: Holder, packet: WalkPacket): void {
	const entry = neighbourOf(site.facts, dev, nexthop);
	const seen = `ip neigh show ${nexthop} dev ${dev}`;
	const asked = wasAsked(walk, site, dev, holder);
	const trouble = asked ? null : (wrongEntry(walk, site, dev, nexthop, holder, entry) ?? unasked(site, dev, nexthop, entry));
	const silence =
		trouble || asked || isUsable(entry) || (holder.kind !== 'container' && holder.kind !== 'host') || !site.facts.neighbours.read
			? null
			: silenceOf(walk, {from: site, dev, nexthop, holder, entry});
	const silent = entry?.states.some(state => state === 'FAILED' || state === 'INCOMPLETE') === true;
	if (silent && !trouble && !silence) {
		const text = `${nexthop} answers on ${dev}, although it did not when the kernel asked last`;
		walk.trail.assumptions.push({id: 'neighbour-answers', text, command: seen});
	}
	const found = trouble ? {...trouble, command: seen} : silence;
	if (!found) return;
	const hop = push(walk.trail, site, {
		kind: 'neighbour',
		name: nexthop,
		address: nexthop,
		packet,
		...('gap' in found
			? {gap: found.gap, evidence: [missing(found.gap)]}
			: {
					cause: found.cause,
					says: found.says,
					command: found.command,
					evidence: [observed(found.says, 'ip neigh, ip link, bridge, sysctl', found.command)],
				}),
	});
	if ('gap' in found) walk.trail.onlyStops.add(hop);
}

interface Trouble {
	cause: CauseId;
	says: string;
}

/** An entry that is used as it stands: one that is permanent stays wrong, any other until the kernel doubts it and asks anew. */
function wrongEntry(walk: Walk, site: Site, dev: string, nexthop: string, holder: Holder, entry: Neighbour | null): Trouble | null {
	if (!entry?.mac || !isUsable(entry)) return null;
	const real =
		holder.kind === 'container'
			? linkNamed(holder.site.facts, holder.interface)?.mac
			: holder.kind === 'host'
				? hostMac(walk, site, dev)
				: null;
	const known = entry.mac.toLowerCase();
	if (!real || real.toLowerCase() === known || (holder.kind === 'container' && macsBehind(walk, holder).includes(known))) return null;
	const kind = entry.states.includes('PERMANENT') ? 'permanent' : 'old';
	return {cause: 'wrong-neighbour', says: `the ${kind} entry for ${nexthop} is ${entry.mac}, but its interface has ${real}`};
}

/** A namespace takes a packet for any address of its own by any of its interfaces: by all that are on the same bridge. */
function macsBehind(walk: Walk, {site, port}: Holder & {kind: 'container'}): string[] {
	const masterOf = (name: string | null) => linkNamed(walk.world.host.facts, name ?? '')?.master;
	return vethsOf(walk.world, site)
		.filter(({link}) => port === null || masterOf(link) === masterOf(port))
		.flatMap(({interface: name}) => linkNamed(site.facts, name)?.mac?.toLowerCase() ?? []);
}

/** IPv6 asks by multicast whatever the flag says; only ARP is switched off. */
function unasked(site: Site, dev: string, nexthop: string, entry: Neighbour | null): Trouble | null {
	if (nexthop.includes(':') || linkNamed(site.facts, dev)?.noArp !== true) return null;
	if (entry?.mac && !entry.states.some(state => state === 'NOARP' || state === 'FAILED' || state === 'INCOMPLETE')) return null;
	return {cause: 'no-neighbour', says: `${dev} does not ask for neighbours (NOARP), and no entry for ${nexthop} is there`};
}

/** The MAC address of the bridge that a container's interface leads to. */
function hostMac(walk: Walk, site: Site, dev: string): string | null {
	const bridge = site.key === 'host' ? null : bridgeBehind(walk, site, dev);
	return bridge === null ? null : (linkNamed(walk.world.host.facts, bridge)?.mac ?? null);
}
