import {canonical} from '../../address/ip.js';
import type {Container, Finding, Snapshot} from '../../model/index.js';
import {quote} from '../../text/quote.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {engineOf, runningOf, targetOf} from '../inventory.js';

/** The interface inside a container has not the address that the engine gave it, or its default route is gone. */
export const addressLost: Fault = {
	id: 'address-lost',
	words: {
		title: 'the container has lost its address or its route',
		about:
			'The engine gave the container an address and a default route on its network, but inside its namespace they are not there any more.',
		more: ['A program with the right to change the network (NET_ADMIN) did that: a VPN client, dhclient.'],
		see: [['nsenter -t PID -n ip addr', 'the address that docker inspect names']],
		todo: ['Connect it anew: `docker network disconnect NETWORK CONTAINER && docker network connect NETWORK CONTAINER`.'],
	},
	atStop(stop) {
		const target = targetOf(stop);
		if (!target || !['no-neighbour', 'link-down', 'misrouted'].includes(stop.hop.cause ?? '')) return null;
		return lostAddresses(stop.snapshot, target)[0] ?? null;
	},
	onHost: snapshot =>
		runningOf(snapshot).flatMap(container => [
			...lostAddresses(snapshot, container).map((saying): Finding => ({id: 'address-lost', severity: 'error', hop: null, ...saying})),
			...lostRoutes(snapshot, container).map((saying): Finding => ({id: 'address-lost', severity: 'warning', hop: null, ...saying})),
		]),
};

function lostAddresses(snapshot: Snapshot, container: Container) {
	const addresses = snapshot.containers[container.id]?.netns.addresses;
	if (!addresses?.read) return [];
	const own = new Set(addresses.value.map(({address}) => canonical(address)));
	return container.endpoints.flatMap(({address, networkName}) => {
		if (address === null || own.has(canonical(address))) return [];
		return [
			{
				summary: `${container.name} has not the address ${address} any more that it was given on ${networkName}`,
				remedy: `${quote(['docker', 'network', 'disconnect', networkName, container.name])} && ${quote(['docker', 'network', 'connect', networkName, container.name])}`,
				evidence: [observed(`its addresses are ${[...own].join(', ')}`, addresses.source, `nsenter -t ${container.pid} -n ip addr`)],
			},
		];
	});
}

function lostRoutes(snapshot: Snapshot, container: Container) {
	const {routes, links} = snapshot.containers[container.id]?.netns ?? {};
	// Its routes went with the link: that is the fault.
	if (links?.read && links.value.some(({up}) => !up)) return [];
	const leading = (engineOf(snapshot)?.networks ?? []).filter(({internal, driver}) => !internal && driver === 'bridge').map(({id}) => id);
	const gateway = container.endpoints.find(({networkId, gateway}) => gateway && leading.includes(networkId))?.gateway;
	if (
		!routes?.read ||
		!gateway ||
		routes.value.some(({family, dst, type}) => family === 4 && type === 'unicast' && /^0\.0\.0\.0\/[01]$/.test(dst))
	)
		return [];
	return [
		{
			summary: `${container.name} has no default route any more: it reaches its own network alone`,
			remedy: `nsenter -t ${container.pid} -n ip route add default via ${gateway}`,
			evidence: [observed('no default route', routes.source, `nsenter -t ${container.pid} -n ip route`)],
		},
	];
}
