import {canonical} from '../address/ip.js';
import type {Network} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed} from '../snapshot/netns.js';
import {push} from './trail.js';
import type {Walk} from './walker.js';
import {containersAt, isRunning, type Site} from './world.js';

/**
 * Adds a hop where the address belongs to a container of this engine on a network without a bridge of this host (macvlan, ipvlan, overlay,
 * a plugin's): its way is not explained yet. Gives whether it did.
 */
export function unexplainedHop(walk: Walk, packet: WalkPacket): boolean {
	const found = otherNetwork(walk, packet.dst);
	if (!found) return false;
	const {network, container} = found;
	if (network.driver === 'macvlan') {
		const {oif, dst} = packet;
		const why = `${dst} is ${container} on ${network.options.parent ?? network.name}, but the packet goes out by ${oif ?? packet.iif}: whether it comes back from there cannot be seen`;
		const gap = {id: 'out-of-sight' as const, why, tell: `ip route get ${dst}`};
		push(walk.trail, walk.world.host, {kind: 'unexplained', name: network.driver, names: [network.name], address: dst, packet, gap});
	} else notExplained(walk, packet, network, container);
	return true;
}

/**
 * Adds a hop where a container's interface has no end on this host because its network (an overlay) keeps its bridge in a network
 * namespace of the engine's own, which is not read (libnetwork: /var/run/docker/netns). Gives whether it did.
 */
export function elsewhereHop(walk: Walk, site: Site, oif: string, packet: WalkPacket): boolean {
	const mac = linkNamed(site.facts, oif)?.mac ?? null;
	const end = site.container?.endpoints.find(one => mac !== null && one.mac === mac);
	const network = end && walk.world.networks.find(one => one.id === end.networkId);
	if (!site.container || network?.driver !== 'overlay') return false;
	notExplained(walk, packet, network, site.container.name);
	return true;
}

function notExplained(walk: Walk, packet: WalkPacket, {driver, name}: Network, container: string): void {
	const why = `${container} is on ${name}, a network of the driver ${driver}: the way over it is not explained yet`;
	push(walk.trail, walk.world.host, {
		kind: driver === 'overlay' ? 'vxlan' : 'unexplained',
		where: driver === 'overlay' ? 'overlay' : 'host',
		name: driver === 'overlay' ? name : driver,
		names: [name],
		address: packet.dst,
		packet,
		gap: {id: 'driver-not-explained', why, tell: `docker network inspect ${driver === 'overlay' ? '--verbose ' : ''}${name}`},
	});
}

function otherNetwork(walk: Walk, address: string): {network: Network; container: string} | null {
	const wanted = canonical(address);
	for (const container of containersAt(walk.world, wanted).filter(isRunning)) {
		const end = container.endpoints.find(one => [one.address, one.address6].some(own => own !== null && canonical(own) === wanted));
		const network = end && walk.world.networks.find(one => one.id === end.networkId);
		if (network && !network.bridge && network.driver !== 'host' && network.driver !== 'null') return {network, container: container.name};
	}
	return null;
}
