import {isWithin} from '../../address/ip.js';
import {inPrefix, parsePrefix, width} from '../../address/value.js';
import type {Finding, Network, Route, Snapshot} from '../../model/index.js';
import {valueOr} from '../../snapshot/netns.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {engineOf} from '../inventory.js';

/** A network of the engine has addresses that the LAN or a VPN has too. */
export const subnetOverlap: Fault = {
	id: 'subnet-overlap',
	words: {
		title: 'its subnet overlaps with another network',
		about:
			'The range of a network of the engine overlaps with one that this host reaches by another link. Addresses that are in both lead to the wrong one of the two.',
		more: ['What is more specific wins: hosts of the LAN or the VPN become unreachable, or containers do.'],
		see: [['ip route', 'two routes whose ranges overlap']],
		todo: ['Give the network another range: docker network create --subnet …, or "default-address-pools" in daemon.json.'],
	},
	atStop({hop, path, snapshot}) {
		const {dst, oif} = hop.packet;
		const both = overlaps(snapshot).find(
			({network, route}) => network.subnets.some(({subnet}) => isWithin(dst, subnet)) && isWithin(dst, route.dst),
		);
		if (hop.cause === 'misrouted') return both ? sayingOf(both) : null;
		// Whoever is meant is out there: on the bridge, and before its isolation, the packet has no business.
		const isWrongWay = hop.cause === 'no-neighbour' || (hop.kind === 'netfilter' && oif === both?.network.bridge);
		return both && isWrongWay && path.to.kind !== 'container' ? sayingOf(both) : null;
	},
	onHost: snapshot =>
		overlaps(snapshot).map((both): Finding => ({id: 'subnet-overlap', severity: 'warning', hop: null, ...sayingOf(both)})),
};

interface Both {
	network: Network;
	subnet: string;
	route: Route;
	dev: string;
}

function overlaps(snapshot: Snapshot): Both[] {
	const routes = valueOr(snapshot.host.routes, []).filter(({type, table}) => type === 'unicast' && table !== 'local');
	const networks = engineOf(snapshot)?.networks ?? [];
	const bridges = new Set(networks.map(({bridge}) => bridge));
	return networks.flatMap(network =>
		network.bridge === null
			? []
			: network.subnets.flatMap(({subnet}) =>
					routes.flatMap(route => {
						const dev = route.nexthops[0]?.dev ?? null;
						return dev !== null && !bridges.has(dev) && !isWide(route.dst) && overlap(subnet, route.dst)
							? [{network, subnet, route, dev}]
							: [];
					}),
				),
	);
}

/** The default route, and the halves of it by which VPN programs take everything: they overlap with all, and harm nobody. */
function isWide(cidr: string): boolean {
	const prefix = parsePrefix(cidr);
	return prefix === null || prefix.length < (width(prefix.base) === 32 ? 8 : 16);
}

function overlap(a: string, b: string): boolean {
	const [one, other] = [parsePrefix(a), parsePrefix(b)];
	return one !== null && other !== null && (inPrefix(other.base, one) || inPrefix(one.base, other));
}

function sayingOf({network, subnet, route, dev}: Both) {
	return {
		summary: `the subnet ${subnet} of ${network.name} overlaps with ${route.dst} on ${dev}`,
		remedy: `docker network rm ${network.name} && docker network create --subnet RANGE ${network.name}  # a range that no route has: ip route`,
		evidence: [observed(`${route.dst} leads to ${dev}, ${subnet} to ${network.bridge}`, 'ip route', 'ip route show table all')],
	};
}
