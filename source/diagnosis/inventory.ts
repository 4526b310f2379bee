import {isLoopback} from '../address/ip.js';
import type {Container, Endpoint, Engine, Network, Path, Snapshot, Socket} from '../model/index.js';
import {namespaceOwner} from '../path/world.js';
import {valueOr, waits} from '../snapshot/netns.js';
import {quote} from '../text/quote.js';

export function engineOf({engine}: Snapshot): Engine | null {
	return engine.read ? engine.value : null;
}

export function containersOf(snapshot: Snapshot): Container[] {
	return engineOf(snapshot)?.containers ?? [];
}

/** Those that have a process (and so a namespace) now; a frozen one counts. */
export function runningOf(snapshot: Snapshot): Container[] {
	return containersOf(snapshot).filter(({state}) => state === 'running' || state === 'paused');
}

/** Running containers that have a network namespace of their own: not the host's, not that of another container. */
export function namespaceOwners(snapshot: Snapshot): Container[] {
	return runningOf(snapshot).filter(container => namespaceOwner(containersOf(snapshot), container) === container);
}

export function containerNamed(snapshot: Snapshot, name: string | null): Container | null {
	return containersOf(snapshot).find(one => one.name === name) ?? null;
}

/** The container that a request is for; null where it is for the host or for somebody outside. */
export function targetOf({snapshot, path}: {snapshot: Snapshot; path: Path}): Container | null {
	return path.to.kind === 'container' ? containerNamed(snapshot, path.to.name) : null;
}

/** The container that asks; null where it is the host or a client on the LAN. */
export function askerOf({snapshot, path}: {snapshot: Snapshot; path: Path}): Container | null {
	return path.from.kind === 'container' ? containerNamed(snapshot, path.from.name) : null;
}

/** The endpoints by which a container is reached: its own, or those of the container whose namespace it shares; none on the host's network. */
export function endpointsOf(snapshot: Snapshot, container: Container): Endpoint[] {
	const owner = namespaceOwner(containersOf(snapshot), container);
	return owner === 'host' ? [] : owner.endpoints;
}

/** The networks that both are on. */
export function commonNetworks(snapshot: Snapshot, one: Container, other: Container): Network[] {
	const ids = new Set(endpointsOf(snapshot, one).map(({networkId}) => networkId));
	const shared = new Set(endpointsOf(snapshot, other).map(({networkId}) => networkId));
	return (engineOf(snapshot)?.networks ?? []).filter(({id}) => ids.has(id) && shared.has(id));
}

/** Networks of the driver bridge that have a running container, with those containers. */
export function bridgeNetworks(snapshot: Snapshot): {network: Network & {bridge: string}; containers: Container[]}[] {
	const running = runningOf(snapshot);
	return (engineOf(snapshot)?.networks ?? []).flatMap(network => {
		const {bridge} = network;
		const containers = running.filter(({endpoints}) => endpoints.some(({networkId}) => networkId === network.id));
		return network.driver !== 'bridge' || bridge === null || containers.length === 0 ? [] : [{network: {...network, bridge}, containers}];
	});
}

/**
 * Sockets that wait for connections in a container's namespace, without those of 127.0.0.0/8 and ::1; null where they were not read or
 * the namespace is the host's.
 */
export function listenersOf(snapshot: Snapshot, container: Container): Socket[] | null {
	const owner = namespaceOwner(containersOf(snapshot), container);
	const sockets = owner === 'host' ? undefined : snapshot.containers[owner.id]?.netns.sockets;
	return sockets?.read ? sockets.value.filter(socket => waits(socket) && !isLoopback(socket.address)) : null;
}

/** The host's sockets that wait for connections on a port. */
export function hostListeners({host}: Snapshot, port: number, proto: string): Socket[] {
	return valueOr(host.sockets, []).filter(socket => waits(socket) && socket.port === port && socket.proto === proto);
}

/** "8080/tcp, 53/udp", each once. */
export function portList(sockets: readonly Pick<Socket, 'port' | 'proto'>[]): string {
	return [...new Set(sockets.map(({port, proto}) => `${port}/${proto}`))].join(', ');
}

/** Puts a container on a network as well; the network none goes with no other, so it is left first. */
export function connectTo(container: Container, network: string): string {
	const connect = quote(['docker', 'network', 'connect', network, container.name]);
	const isNone = container.networkMode === 'none' && container.endpoints.every(({networkName}) => networkName === 'none');
	return isNone ? `${quote(['docker', 'network', 'disconnect', 'none', container.name])} && ${connect}` : connect;
}
