import {addressType} from '../netfilter/fib.js';
import type {WalkPacket} from '../netfilter/types.js';
import {interfaceSetting, linkNamed, linksOnlink, ownerOf} from '../snapshot/netns.js';
import {observed, push} from './trail.js';
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
	push(walk.trail, walk.world.host, {
		kind: 'neighbour',
		name: dst,
		address: dst,
		packet,
		cause: 'no-neighbour',
		...found,
		evidence: [observed(found.says, 'ip addr, sysctl', found.command)],
	});
}

interface Unanswered {
	says: string;
	command: string;
}

/** Nobody here has the address, nor answers for others (proxy_arp). Where a port is published on it, the route says so better. */
function unowned({world}: Walk, nic: string, {dst, dport, proto}: WalkPacket): Unanswered | null {
	const {facts} = world.host;
	if (ownerOf(facts, dst) || addressType(facts, dst, 4, null) !== 'unicast') return null;
	if (['all', nic].some(link => interfaceSetting(facts, 4, link, 'proxy_arp') !== 0)) return null;
	if (containersPublishing(world, dport ?? 0, proto).some(one => one.published.some(({hostAddress}) => hostAddress === dst))) return null;
	const says = `${dst} is no address of this host: a client on ${nic} asks its neighbours for it, and this host does not answer`;
	return {says, command: 'ip -4 addr'};
}

/** arp_ignore (ip-sysctl): 8 never answers, 1 and 2 only for addresses of that interface. */
function deaf({world}: Walk, nic: string, dst: string): Unanswered | null {
	const {facts} = world.host;
	const ignore = Math.max(...['all', nic].map(link => interfaceSetting(facts, 4, link, 'arp_ignore') ?? 0));
	const elsewhere = ownerOf(facts, dst)?.link !== nic;
	if (ignore !== 8 && !(elsewhere && (ignore === 1 || ignore === 2))) return null;
	return {
		says: `${nic} of the host does not answer for ${dst}: arp_ignore is ${ignore}`,
		command: `sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.${nic}.arp_ignore`,
	};
}
