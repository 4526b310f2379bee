import {canonical, isLoopback, isUnspecified, isWithin} from '../address/ip.js';
import type {Container, Hook, PublishedPort} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {ownerOf, valueOr} from '../snapshot/netns.js';
import type {Walk} from './walker.js';
import type {Site} from './world.js';

/** What the host's rules should make of a packet for a published port, as the engine lists it; null where it lists none. */
export function publishedRewrite(walk: Walk, site: Site, hook: Hook, packet: WalkPacket): {packet: WalkPacket; says: string} | null {
	if (site.key !== 'host' || walk.role !== 'request' || (hook !== 'prerouting' && hook !== 'output')) return null;
	// docker-proxy is there to take what the rules leave alone: on the host's own 127.0.0.1.
	const proxied = valueOr(walk.world.snapshot.proxies, []).some(one => one.hostPort === packet.dport && one.proto === packet.proto);
	if (proxied && isLoopback(packet.dst)) return null;
	for (const container of walk.world.containers) {
		const port = container.published.find(one => publishes(site, one, packet));
		const address = port && addressFor(container, packet.family);
		if (!port || !address) continue;
		const says = `${container.name} publishes ${port.hostPort}→${port.port}/${port.proto}`;
		return {packet: {...packet, dst: address, dport: port.port}, says};
	}
	return null;
}

/** Where a container's route should lead, as its endpoints say: to itself, on the link of an endpoint's subnet, else by its gateway. */
export function endpointRoute(container: Container | null, dst: string): {oif: string; nexthop: string} | null {
	const family = dst.includes(':') ? 6 : 4;
	const ends = (container?.endpoints ?? []).map((one, index) => ({
		oif: `eth${index}`,
		cidr: family === 4 ? `${one.address}/${one.prefix}` : `${one.address6}/${one.prefix6}`,
		gateway: family === 4 ? one.gateway : one.gateway6,
	}));
	const own = (container?.endpoints ?? [])
		.flatMap(one => [one.address, one.address6])
		.some(one => one !== null && canonical(one) === canonical(dst));
	if (container && (own || isLoopback(dst))) return {oif: 'lo', nexthop: dst};
	const near = ends.find(one => isWithin(dst, one.cidr));
	if (near) return {oif: near.oif, nexthop: dst};
	const out = ends.find(one => one.gateway);
	return out?.gateway ? {oif: out.oif, nexthop: out.gateway} : null;
}

/** The first address of a container in a family, as the engine lists it. */
export function addressFor(container: Container, family: 4 | 6): string | null {
	for (const end of container.endpoints) {
		const address = family === 4 ? end.address : end.address6;
		if (address) return address;
	}
	return null;
}

function publishes(site: Site, port: PublishedPort, packet: WalkPacket): boolean {
	if (port.hostPort !== packet.dport || port.proto !== packet.proto) return false;
	if (!isUnspecified(port.hostAddress)) return canonical(port.hostAddress) === canonical(packet.dst);
	if (port.hostAddress.includes(':') !== (packet.family === 6)) return false;
	return !site.facts.addresses.read || ownerOf(site.facts, packet.dst) !== null;
}
