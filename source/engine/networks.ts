import type {Container, Network, Subnet} from '../model/index.js';
import type {ApiNetwork} from './api.js';
import {addressOrNull, word} from './words.js';

/** One network of GET /networks. */
export function networkFrom(api: ApiNetwork): Network {
	const options = optionsOf(api);
	return {
		id: word(api.Id),
		name: word(api.Name),
		driver: word(api.Driver),
		scope: word(api.Scope),
		internal: api.Internal === true,
		ipv6: api.EnableIPv6 === true,
		subnets: (api.IPAM?.Config ?? []).flatMap(({Subnet, Gateway}) =>
			word(Subnet) ? [{subnet: word(Subnet), gateway: addressOrNull(Gateway)}] : [],
		),
		bridge: bridgeOf(api, options),
		options,
	};
}

/**
 * Gateways that the list of networks leaves out (the default bridge and IPv6 on 20.10), from the endpoints of running containers,
 * where the engine says them as well.
 */
export function withGateways(networks: Network[], containers: Container[]): Network[] {
	const endpoints = containers.flatMap(container => container.endpoints);
	return networks.map(network => {
		const here = endpoints.filter(endpoint => endpoint.networkId === network.id);
		// Only where one subnet of the family makes it clear to which one the gateway belongs.
		const gatewayFor = ({subnet}: Subnet, all: Subnet[]) => {
			const v6 = subnet.includes(':');
			if (all.filter(other => other.subnet.includes(':') === v6).length > 1) return null;
			return here.map(endpoint => (v6 ? endpoint.gateway6 : endpoint.gateway)).find(gateway => gateway !== null) ?? null;
		};
		const subnets = network.subnets.map((subnet, _, all) => ({...subnet, gateway: subnet.gateway ?? gatewayFor(subnet, all)}));
		return {...network, subnets};
	});
}

/**
 * The Linux bridge of a network of driver bridge: the option, docker0 for the default one, else br- and 12 digits of the id
 * (moby, libnetwork/drivers/bridge). Podman numbers its bridges and names them only in newer versions: an id that it made up
 * from the name tells nothing, so inventory.ts asks.
 */
function bridgeOf(api: ApiNetwork, options: Record<string, string>): string | null {
	if (api.Driver !== 'bridge') return null;
	const named = options['com.docker.network.bridge.name'];
	if (named) return named;
	if (options['com.docker.network.bridge.default_bridge'] === 'true') return 'docker0';
	return `br-${word(api.Id).slice(0, 12)}`;
}

function optionsOf(api: ApiNetwork): Record<string, string> {
	return Object.fromEntries(Object.entries(api.Options ?? {}).map(([key, value]) => [word(key), word(value)]));
}
