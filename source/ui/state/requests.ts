import type {Container, FlowRequest, Origin, Proto, Snapshot, Target} from '../../model/index.js';
import {engineOf} from '../../rows/inventory.js';
import type {MenuItem} from './state.js';

/** A port of a container: what it publishes, was asked to publish, or exposes. */
export interface ContainerPort {
	port: number;
	proto: Proto;
	/** Port of the host; null: not published. Of a container that does not run, the one that was asked for. */
	hostPort: number | null;
}

/** The ports of a container, published ones first, each once. */
export function portsOf({pid, published, requested, exposed}: Container): ContainerPort[] {
	const known = [
		...published.map(({port, proto, hostPort}) => ({port, proto, hostPort})),
		...requested.map(({port, proto, hostPort}) => ({port, proto, hostPort: (pid === null && hostPort) || null})),
		...exposed.map(({port, proto}) => ({port, proto, hostPort: null})),
	];
	return known.filter((one, index) => known.findIndex(other => other.port === one.port && other.proto === one.proto) === index);
}

/** The request with which a port opens: from the LAN where it is published (the table with the NIC), else from the host. */
export function openingRequests(container: Container): MenuItem[] {
	return portsOf(container).map(port => ({
		label: `${portWord(port)}${port.hostPort === null ? '  not published: from the host' : `  published ${port.hostPort}: from the LAN`}`,
		request: ask(port.hostPort === null ? host : lan, toContainer(container, port)),
	}));
}

/** Every request to this port that can be asked: from the host, the LAN, each other running container, and the container itself. */
export function requestsTo(snapshot: Snapshot, container: Container, port: ContainerPort): MenuItem[] {
	const others = engineOf(snapshot)
		.containers.filter(other => other.state === 'running' && other.id !== container.id)
		.toSorted((a, b) => distance(a, container) - distance(b, container));
	const own = nicAddress(snapshot);
	const {hostPort} = port;
	const byName: MenuItem[] = others.map(other => ({
		label: `${other.name} → ${container.name}:${portWord(port)}`,
		request: ask({kind: 'container', name: other.name}, toContainer(container, port)),
	}));
	const whoever: MenuItem = {
		label: `any → ${container.name}:${portWord(port)}, the next that comes`,
		request: ask(host, toContainer(container, port)),
		anybody: true,
	};
	const itself = {
		label: `${container.name} itself → 127.0.0.1:${portWord(port)}`,
		request: ask({kind: 'container', name: container.name}, {kind: 'address', address: '127.0.0.1', port: port.port, proto: port.proto}),
	};
	if (hostPort === null) {
		return [
			{label: `host → ${container.name}:${portWord(port)}`, request: ask(host, toContainer(container, port))},
			itself,
			...byName,
			whoever,
		];
	}
	const shown = portWord({...port, port: hostPort});
	const at = (address: string): Target => ({kind: 'address', address, port: hostPort, proto: port.proto});
	return [
		{label: `host → 127.0.0.1:${shown}`, request: ask(host, at('127.0.0.1'))},
		...(own === null ? [] : [{label: `host → ${own}:${shown}, its own address`, request: ask(host, at(own))}]),
		{label: `lan → ${own ?? 'the host'}:${shown}`, request: ask(lan, toContainer(container, port))},
		itself,
		...byName,
		...others.map(other => ({
			label: `${other.name} → host.docker.internal:${shown}`,
			request: ask({kind: 'container', name: other.name}, {kind: 'port', port: hostPort, proto: port.proto}),
		})),
		whoever,
	];
}

/** Who is likely to ask comes first: 0 where names work between the two, 1 on another network that both are on, 2 on none. */
function distance(one: Container, other: Container): number {
	const shared = one.endpoints.filter(({networkId}) => other.endpoints.some(end => end.networkId === networkId));
	if (shared.some(({networkName}) => networkName !== 'bridge')) return 0;
	return shared.length > 0 ? 1 : 2;
}

/** "80", "53/udp". */
export function portWord({port, proto}: {port: number; proto: Proto}): string {
	return proto === 'tcp' ? String(port) : `${port}/${proto}`;
}

function toContainer(container: Container, {port, proto}: ContainerPort): Target {
	return {kind: 'container', name: container.name, port, proto};
}

function ask(origin: Origin, target: Target): FlowRequest {
	return {origin, target, family: null};
}

/** The host's address on the link of its default route; null where there is none or it could not be read. */
function nicAddress({host: {routes, addresses}}: Snapshot): string | null {
	if (!routes.read || !addresses.read) return null;
	const defaults = routes.value.filter(route => route.family === 4 && route.dst === '0.0.0.0/0' && route.type === 'unicast');
	const dev = defaults.sort((a, b) => a.metric - b.metric)[0]?.nexthops[0]?.dev;
	return addresses.value.find(address => address.link === dev && address.family === 4 && address.scope === 'global')?.address ?? null;
}

const host: Origin = {kind: 'host', address: null};
const lan: Origin = {kind: 'lan', address: null};
