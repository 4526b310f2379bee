import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {engineOf, targetOf} from '../inventory.js';

/** The host asks a container of a macvlan network that stands on its own NIC. */
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
		const target = targetOf(stop);
		if (hop.kind !== 'neighbour' || !/macvlan/.test(hop.says) || !target) return null;
		const end = target.endpoints.find(({address, address6}) => address === hop.address || address6 === hop.address);
		const network = engineOf(snapshot)?.networks.find(({id}) => id === end?.networkId);
		const parent = network?.options.parent ?? 'PARENT';
		return {
			summary: `${target.name} is on ${network?.name ?? 'a macvlan network'}: the kernel passes nothing between ${parent} and its own macvlan interfaces`,
			remedy: `ip link add shim link ${parent} type macvlan mode bridge && ip link set shim up && ip route add ${hop.address} dev shim`,
			evidence: [observed(`driver macvlan, parent ${parent}`, 'docker network inspect', `docker network inspect ${network?.name}`)],
		};
	},
};
