import type {Gap} from '../model/index.js';
import {addressType, isGap, routeTo} from '../netfilter/fib.js';
import type {WalkPacket} from '../netfilter/types.js';
import {interfaceSetting, linkNamed, linksOnlink, ownerOf} from '../snapshot/netns.js';
import {missing, observed, push} from './trail.js';
import type {Walk} from './walker.js';
import {containersPublishing} from './world.js';

/**
 * A client on the NIC's own subnet asks that link for the address (ARP, RFC 826) before it sends anything: adds a hop where this host does not answer
 * the question. For IPv6, which may be answered for others by entries that are not read (ip neigh show proxy), nothing is said.
 */
export function clientAsks(walk: Walk, nic: string, packet: WalkPacket): void {
	const {facts} = walk.world.host;
	const {dst, family} = packet;
	if (family === 6 || !facts.addresses.read || !linksOnlink(facts, dst).includes(nic) || linkNamed(facts, nic)?.kind === 'bridge') return;
	const found = unowned(walk, nic, packet) ?? deaf(walk, nic, dst);
	if (!found) return;
	const hop = push(walk.trail, walk.world.host, {
		kind: 'neighbour',
		name: dst,
		address: dst,
		packet,
		...('says' in found
			? {cause: 'no-neighbour', ...found, evidence: [observed(found.says, 'ip addr, sysctl', found.command)]}
			: {gap: found, evidence: [missing(found)]}),
	});
	if (!('says' in found)) walk.trail.onlyStops.add(hop);
}

interface Unanswered {
	says: string;
	command: string;
}

/**
 * Nobody here has the address, nor answers for others (proxy_arp). Where the route to it leads by another link, an entry for it alone, which is not
 * read, has it answered as well (pneigh_lookup in net/ipv4/arp.c). Where a port is published on it, the route says so better.
 */
function unowned({world}: Walk, nic: string, {dst, dport, proto}: WalkPacket): Unanswered | Gap | null {
	const {facts} = world.host;
	if (ownerOf(facts, dst) || addressType(facts, dst, 4, null) !== 'unicast') return null;
	if (['all', nic].some(link => interfaceSetting(facts, 4, link, 'proxy_arp') !== 0)) return null;
	if (containersPublishing(world, dport ?? 0, proto).some(one => one.published.some(({hostAddress}) => hostAddress === dst))) return null;
	const route = routeTo(facts, dst);
	if (isGap(route) || (route.nexthop && route.nexthop.dev !== nic)) {
		const why = `${dst} is no address of this host: whether an entry has it answer for that address on ${nic} was not read`;
		return {id: 'not-read', why, tell: `ip neigh show proxy dev ${nic}`};
	}
	const says = `${dst} is no address of this host: a client on ${nic} asks its neighbours for it, and this host does not answer`;
	return {says, command: 'ip -4 addr'};
}

/** arp_ignore (ip-sysctl), which is about addresses of the host itself: 8 never answers, 1 and 2 only for those of that interface. */
function deaf({world}: Walk, nic: string, dst: string): Unanswered | null {
	const {facts} = world.host;
	if (addressType(facts, dst, 4, null) !== 'local') return null;
	const ignore = Math.max(...['all', nic].map(link => interfaceSetting(facts, 4, link, 'arp_ignore') ?? 0));
	const elsewhere = ownerOf(facts, dst)?.link !== nic;
	if (ignore !== 8 && !(elsewhere && (ignore === 1 || ignore === 2))) return null;
	return {
		says: `${nic} of the host does not answer for ${dst}: arp_ignore is ${ignore}`,
		command: `sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.${nic}.arp_ignore`,
	};
}
