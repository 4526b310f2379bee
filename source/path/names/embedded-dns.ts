import type {Container, Network} from '../../model/index.js';
import {isRunning} from '../world.js';
import {bare} from './hosts-file.js';

/**
 * What the engine's embedded DNS (127.0.0.11) answers itself: the names of running containers on the networks that it shares with
 * the asking one, except the default bridge; also as NAME.NETWORK (libnetwork sandbox.ResolveName). Empty: it asks the servers
 * behind it.
 */
export function embeddedAnswer(
	containers: Container[],
	networks: Network[],
	asker: Container,
	name: string,
): {address: string; network: string; container: string}[] {
	const wanted = bare(name);
	for (const own of asker.endpoints) {
		const network = networks.find(one => one.id === own.networkId);
		if (!network || isDefaultBridge(network)) continue;
		const short = wanted.endsWith(`.${network.name.toLowerCase()}`) ? wanted.slice(0, -network.name.length - 1) : wanted;
		const found = containers.filter(isRunning).flatMap(container =>
			container.endpoints
				.filter(end => end.networkId === network.id && end.dnsNames.some(one => bare(one) === wanted || bare(one) === short))
				.flatMap(end => [end.address, end.address6])
				.filter(address => address !== null && address !== '')
				.map(address => ({address: address as string, network: network.name, container: container.name})),
		);
		if (found.length > 0) return found;
	}
	return [];
}

/** The network `bridge`, where the engine gives no names. */
export function isDefaultBridge(network: Network): boolean {
	return (
		network.driver === 'bridge' && (network.name === 'bridge' || network.options['com.docker.network.bridge.default_bridge'] === 'true')
	);
}
