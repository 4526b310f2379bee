import {canonical} from '../address/ip.js';
import type {Network} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {observed, push} from './trail.js';
import type {Walk} from './walker.js';
import {containersAt, isRunning} from './world.js';

/**
 * Adds a hop where the address belongs to a container of this engine on a network without a bridge of this host (macvlan, ipvlan, overlay,
 * a plugin's): its way is not explained yet. Gives whether it did.
 */
export function unexplainedHop(walk: Walk, packet: WalkPacket): boolean {
	const found = otherNetwork(walk, packet.dst);
	if (!found) return false;
	const {network, container} = found;
	if (network.driver === 'macvlan' && packet.local && network.options.parent === packet.oif) {
		const says = `nothing passes between ${packet.oif} and the macvlan interfaces on it: ${packet.dst} does not answer this host`;
		const command = `ip neigh show ${packet.dst} dev ${packet.oif}`;
		const evidence = [observed(says, 'driver macvlan (Documentation/networking: ipvlan and macvlan)', command)];
		push(walk.trail, walk.world.host, {
			kind: 'neighbour',
			name: packet.dst,
			address: packet.dst,
			packet,
			cause: 'no-neighbour',
			says,
			command,
			evidence,
		});
		return true;
	}
	const why = `${container} is on ${network.name}, a network of the driver ${network.driver}: the way over it is not explained yet`;
	push(walk.trail, walk.world.host, {
		kind: 'unexplained',
		name: network.driver,
		names: [network.name],
		address: packet.dst,
		packet,
		gap: {id: 'driver-not-explained', why, tell: `docker network inspect ${network.name}`},
	});
	return true;
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
