import type {Container, Hop, Network, Snapshot} from '../../model/index.js';
import {macvlanDriver} from '../../path/macvlan.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {askerOf, engineOf, targetOf} from '../inventory.js';

/** The host and a container of a macvlan network that stands on its own NIC ask each other. */
export const macvlanHost: Fault = {
	id: 'macvlan-host',
	words: {
		title: 'a host does not reach containers of its own macvlan',
		about:
			'A macvlan network puts containers beside the host on the LAN. The kernel passes nothing between the link that it stands on and the interfaces on it, so host and container do not see each other; everybody else on the LAN sees both.',
		more: ['Wi-Fi and many hypervisors do not let foreign MAC addresses pass: there others do not reach the container either.'],
		see: [['ip -d link', 'macvlan … mode bridge, and the link after "@"']],
		todo: ['Give the host a macvlan interface of its own on that link, and route the container by it; or use an ipvlan or bridge network.'],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		if (hop.kind !== 'neighbour' || hop.cause !== 'no-neighbour') return null;
		for (const container of [targetOf(stop), askerOf(stop)]) {
			const {network, address} = (container && macvlanOf(snapshot, container, hop)) ?? {};
			const parent = network?.options.parent;
			if (!container || !network || !parent) continue;
			return {
				summary: `${container.name} is on ${network.name}: the kernel passes nothing between ${parent} and its own macvlan interfaces`,
				remedy: `ip link add shim link ${parent} type macvlan mode bridge && ip link set shim up && ip route add ${address} dev shim`,
				evidence: [observed(`driver macvlan, parent ${parent}`, 'docker network inspect', `docker network inspect ${network.name}`)],
			};
		}
		return null;
	},
};

/** The macvlan network on which the question of the hop was asked in vain, with the container's address there. */
function macvlanOf(
	snapshot: Snapshot,
	{endpoints}: Container,
	{address, packet, evidence}: Hop,
): {network: Network; address: string} | null {
	if (!evidence.some(({source}) => source === macvlanDriver)) return null;
	for (const end of endpoints) {
		const own = [end.address, end.address6].find(one => one !== null && (one === address || one === packet.src));
		const network = engineOf(snapshot)?.networks.find(({id, driver}) => id === end.networkId && driver === 'macvlan');
		if (own && network) return {network, address: own};
	}
	return null;
}
