import type {Gap, Link} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {addressesOf, linkNamed, portsOf} from '../snapshot/netns.js';
import {inferred, missing, observed, push} from './trail.js';
import type {Walk} from './walker.js';
import {pairOf, type Site, vethsOf} from './world.js';

/** The container's own interface, inwards or outwards: has to be up. */
export function interfaceHop(walk: Walk, site: Site, name: string, packet: WalkPacket): void {
	const {facts} = site;
	const link = linkNamed(facts, name);
	const [carried] = addressesOf(facts, packet.family, name);
	const own = facts.addresses.read ? (carried?.address ?? null) : endpointAddress(site, packet.family);
	const command = site.container?.pid ? `nsenter -t ${site.container.pid} -n ip addr show ${name}` : `ip addr show ${name}`;
	const down = link && !link.up ? `${name} is down` : null;
	push(walk.trail, site, {
		kind: 'interface',
		name,
		address: own,
		packet,
		cause: down ? 'link-down' : null,
		says: down ?? '',
		command,
		evidence: facts.links.read
			? link
				? [observed(`${name} is ${link.up ? 'up' : 'down'}${own ? `, ${own}` : ''}`, 'ip link, ip addr', command)]
				: []
			: [own ? inferred(`${name} has ${own}`, "the engine's endpoint", 'docker inspect') : missing(facts.links.gap)],
	});
}

/** The host's end of a container's interface: up, a port of the right bridge, and that port forwards. */
export function vethHop(walk: Walk, name: string | null, site: Site, bridge: string | null, packet: WalkPacket): void {
	const {host} = walk.world;
	const link = name === null ? null : linkNamed(host.facts, name);
	const command = `ip -d link show ${name ?? ''}`.trim();
	if (name === null || !link) {
		push(walk.trail, host, {
			kind: 'veth',
			name: '',
			address: rangeOf(walk, site, packet.family, bridge),
			packet,
			gap: vethGap(walk, site),
		});
		return;
	}
	const trouble = vethTrouble(link, bridge);
	const pair = pairOf(walk.world, link);
	const port = link.port ? `port ${link.port.number ?? '?'} of ${link.master}, ${link.port.state}` : 'no port of a bridge';
	const how = pair?.by === 'fdb' ? 'bridge fdb (its MAC address)' : 'ip link, iflink of its interface';
	push(walk.trail, host, {
		kind: 'veth',
		name,
		names: site.of ? [site.of] : [],
		address: rangeOf(walk, site, packet.family, bridge),
		packet,
		cause: trouble?.cause ?? null,
		says: trouble?.says ?? port,
		command,
		evidence: [observed(`${name} is ${link.operstate}, ${port}; its other end is in ${site.of ?? 'the container'}`, how, command)],
	});
}

/** The bridge itself: up, with its id and ports as brctl shows them. */
export function bridgeHop(walk: Walk, name: string, packet: WalkPacket): void {
	const {host} = walk.world;
	const link = linkNamed(host.facts, name);
	const command = `ip -d link show ${name}; bridge link`;
	const own =
		addressesOf(host.facts, packet.family, name).find(one => one.scope === 'global')?.address ??
		addressesOf(host.facts, packet.family, name)[0]?.address;
	const network = walk.world.networks.find(one => one.bridge === name);
	const down = link && !link.up ? `${name} is down` : null;
	const gap = !host.facts.links.read
		? host.facts.links.gap
		: !link
			? {id: 'read-failed' as const, why: `${name} was not found`, tell: 'ip link'}
			: link.bridge?.vlanFiltering
				? {id: 'not-read' as const, why: `${name} keeps VLANs apart, and which of its ports is in which is not read`, tell: 'bridge vlan'}
				: null;
	push(walk.trail, host, {
		kind: 'bridge',
		name,
		names: network ? [network.name] : [],
		address: own ?? network?.subnets.find(one => one.subnet.includes(':') === (packet.family === 6))?.gateway ?? null,
		packet,
		cause: down ? 'link-down' : null,
		gap,
		says: down ?? (link?.bridge ? `stp ${link.bridge.stp ? 'on' : 'off'}` : ''),
		command,
		evidence: link
			? [
					observed(
						`bridge id ${link.bridge?.id ?? '?'}, STP ${link.bridge?.stp ? 'yes' : 'no'}, interfaces ${namesOf(portsOf(host.facts, name)) || 'none'}`,
						'ip link',
						command,
					),
				]
			: [],
	});
}

/** A bridge may have a thousand ports, and is on many paths. */
function namesOf(links: readonly Link[]): string {
	const names = listed.get(links) ?? links.map(one => one.name).join(' ');
	listed.set(links, names);
	return names;
}

const listed = new WeakMap<readonly Link[], string>();

/** A link by which a packet enters or leaves this host; beside: its frames are those of a macvlan interface on it, the host's addresses have no part in them. */
export function nicHop(walk: Walk, name: string, packet: WalkPacket, direction: 'in' | 'out' | 'beside'): void {
	const {host} = walk.world;
	const link = linkNamed(host.facts, name);
	const command = `ip addr show ${name}`;
	const carried = addressesOf(host.facts, packet.family, name).find(one => one.scope === 'global')?.address ?? null;
	const own = direction === 'beside' ? null : carried;
	const trouble = link && (!link.up ? `${name} is down` : link.carrier ? null : `${name} has no carrier`);
	push(walk.trail, host, {
		kind: 'nic',
		where: 'hardware',
		name,
		// The host's side of a published port: this is how the host itself and its clients name the place.
		names: direction === 'in' ? [packet.family === 4 ? '127.0.0.1' : '::1', walk.world.snapshot.hostName, ...(own ? [own] : [])] : [],
		address: direction === 'in' && own === null ? packet.dst : own,
		port: direction === 'in' ? packet.dport : null,
		packet,
		cause: trouble ? 'link-down' : null,
		gap: host.facts.links.read ? null : host.facts.links.gap,
		says: trouble ?? '',
		command,
		evidence: link ? [observed(`${name} is ${link.operstate}${own ? `, ${own}` : ''}`, 'ip link, ip addr', command)] : [],
	});
	if (direction === 'in') xdpHop(walk, host, name, packet);
}

/** Adds a hop where a program stands at a link that takes a packet in: it runs before all that can be seen there (XDP). */
export function xdpHop(walk: Walk, site: Site, name: string, packet: WalkPacket): void {
	if (linkNamed(site.facts, name)?.xdp !== true) return;
	const hop = push(walk.trail, site, {
		kind: 'unexplained',
		name: `XDP on ${name}`,
		packet,
		gap: {
			id: 'rule-not-understood',
			why: `an XDP program on ${name} may drop or send away packets before the kernel sees them`,
			tell: `bpftool net show dev ${name}`,
		},
	});
	walk.trail.onlyStops.add(hop);
}

/** The host's end of one of a container's interfaces. */
export function vethOf(walk: Walk, site: Site, interfaceName: string): string | null {
	const pairs = vethsOf(walk.world, site);
	return pairs.find(one => one.interface === interfaceName)?.link ?? null;
}

function vethTrouble(
	link: Link,
	bridge: string | null,
): {cause: 'link-down' | 'not-in-bridge' | 'port-not-forwarding'; says: string} | null {
	if (!link.up) return {cause: 'link-down', says: `${link.name} is down`};
	if (!link.carrier) return {cause: 'link-down', says: `${link.name} has no carrier: its other end is down`};
	if (bridge !== null && link.master !== bridge) {
		return {
			cause: 'not-in-bridge',
			says: `${link.name} is ${link.master ? `a port of ${link.master}, not of ${bridge}` : `not a port of ${bridge}`}`,
		};
	}
	if (link.port && link.port.state !== 'forwarding') return {cause: 'port-not-forwarding', says: `${link.name} is ${link.port.state}`};
	return null;
}

/** The network's address range, which the mission's table shows beside the veth. */
function rangeOf(walk: Walk, site: Site, family: 4 | 6, bridge: string | null): string | null {
	const ids = site.container?.endpoints.map(end => end.networkId) ?? [];
	const networks = walk.world.networks.filter(
		one => (bridge === null || one.bridge === bridge) && (bridge !== null || ids.includes(one.id)),
	);
	return networks.flatMap(one => one.subnets).find(one => one.subnet.includes(':') === (family === 6))?.subnet ?? null;
}

function endpointAddress(site: Site, family: 4 | 6): string | null {
	const ends = site.container?.endpoints ?? [];
	return ends.map(end => (family === 4 ? end.address : end.address6)).find(address => address !== null) ?? null;
}

/** Why the host's end of an interface is not known: not read, readable by root alone, or looked for and not found. */
function vethGap(walk: Walk, site: Site): Gap {
	const {veths, vantage} = walk.world.snapshot;
	const whose = `${site.of ?? 'the container'}'s interface`;
	if (!veths.read) return veths.gap;
	if (vantage.kind !== 'root') {
		return {
			id: 'no-permission',
			why: `which link is the other end of ${whose} is readable by root only, unless its bridge has seen it lately`,
			tell: 'sudo dockhop',
		};
	}
	return {id: 'read-failed', why: `the other end of ${whose} was not found on this host`, tell: 'ip -d link'};
}
