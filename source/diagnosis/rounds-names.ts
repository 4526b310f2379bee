import {isLoopback, isUnspecified} from '../address/ip.js';
import type {Container, PublishedPort, Snapshot, Target} from '../model/index.js';
import {parseResolvConf} from '../path/names/resolv-conf.js';
import {valueOr} from '../snapshot/netns.js';
import {commonNetworks, namespaceOwners, runningOf} from './inventory.js';
import type {Round} from './rounds.js';

/**
 * Each container with a network asks the first DNS server of its resolv.conf. That a server elsewhere is not reached from a container on an
 * internal network alone is meant so.
 */
export function resolverRounds(snapshot: Snapshot): Round[] {
	return namespaceOwners(snapshot).flatMap((container): Round[] => {
		const conf = snapshot.containers[container.id]?.resolver.resolvConf;
		const [server] = conf?.read ? parseResolvConf(conf.value).servers : [];
		const isAwake = container.state === 'running' && container.endpoints.some(({address, address6}) => address ?? address6);
		if (!server || !isAwake) return [];
		const isEmbedded = isLoopback(server);
		if (!isEmbedded && !leadsOut(snapshot, container)) return [];
		const target: Target = {kind: 'address', address: server, port: 53, proto: 'udp'};
		const request = {target, origin: {kind: 'container', name: container.name}, family: null} as const;
		return [{request, aim: isEmbedded ? 'inwards' : 'outwards', isSent: false}];
	});
}

/** Each container that was given a name for the host (--add-host NAME:host-gateway) asks there for a published port that it can reach. */
export function toHostRounds(snapshot: Snapshot): Round[] {
	const ports = runningOf(snapshot).flatMap(owner => owner.published.map(port => ({owner, port})));
	const open = ports.filter(({port}) => port.proto === 'tcp' && isUnspecified(port.hostAddress) && !port.hostAddress.includes(':'));
	const proxied = open.find(({port}) => isProxied(snapshot, port));
	return runningOf(snapshot).flatMap((asker): Round[] => {
		const name = asker.extraHosts.map(one => /^(.+)[:=]host-gateway$/.exec(one)?.[1]).find(one => one !== undefined);
		if (name === undefined || asker.state !== 'running' || !leadsOut(snapshot, asker)) return [];
		// Without docker-proxy Docker leads such a request only to a container of the network that it comes from.
		const isNeighbour = (owner: Container) => owner !== asker && commonNetworks(snapshot, owner, asker).length > 0;
		const found = proxied ?? (asker.endpoints.length === 1 ? open.find(({owner}) => isNeighbour(owner)) : undefined);
		if (!found) return [];
		const origin = {kind: 'container', name: asker.name} as const;
		return [{request: {target: hostTarget(name, found.port.hostPort), origin, family: null}, aim: 'inwards', isSent: true}];
	});
}

function hostTarget(name: string, port: number): Target {
	if (name === 'host.docker.internal') return {kind: 'port', port, proto: 'tcp'};
	return {kind: 'url', url: `http://${name}:${port}/`, host: name, port, tls: false};
}

function isProxied({proxies}: Snapshot, {hostPort, proto}: PublishedPort): boolean {
	return valueOr(proxies, []).some(one => one.hostPort === hostPort && one.proto === proto);
}

function leadsOut(snapshot: Snapshot, container: Container): boolean {
	return commonNetworks(snapshot, container, container).some(({internal}) => !internal);
}
