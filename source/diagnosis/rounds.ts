import {isLoopback} from '../address/ip.js';
import type {Container, FlowRequest, Origin, PublishedPort, Snapshot, Target} from '../model/index.js';
import {findContainer} from '../path/find-container.js';
import {bridgeNetworks, containersOf, runningOf} from './inventory.js';
import {resolverRounds, toHostRounds} from './rounds-names.js';
import {lanAddress, outwardsRounds, ringRounds} from './rounds-networks.js';

/** A request that doctor looks at. */
export interface Round {
	request: FlowRequest;
	/** inwards: it should arrive. outwards: it tests whether anything leads out, and stopping it may be what somebody wants. */
	aim: 'inwards' | 'outwards';
	/** Whether a probe may send it: what goes to others than this host's containers is never sent. */
	isSent: boolean;
}

/**
 * The requests that show what is wrong on a host, as many as it has ports and containers: each published port from the host and from the
 * LAN; on each bridge one container after the other in a ring, by name; each container outwards, to its DNS server, and, where it was given
 * a name for the host, to a published port of the host. What is not meant to arrive is not asked for.
 * sends: they will be sent for real as well.
 */
export function roundsOf(snapshot: Snapshot, sends = false): Round[] {
	// A request from the LAN cannot be sent from here; what comes closest is the host's at the address that the LAN asks at.
	const own = sends ? lanAddress(snapshot) : null;
	return [
		...runningOf(snapshot).flatMap(container => publishedRounds(container, container.published, own)),
		...ringRounds(snapshot),
		...toHostRounds(snapshot),
		...resolverRounds(snapshot),
		...outwardsRounds(snapshot),
	];
}

/** The requests that lead to one target: from the host, from the LAN, and from a neighbour on each of its networks. */
export function roundsTo(snapshot: Snapshot, target: Target, family: 4 | 6 | null): Round[] {
	const targets = withPorts(snapshot, target);
	return targets.flatMap(one => {
		const origins: Origin[] = [host, ...(isLocal(one) ? [] : [lan]), ...neighboursOf(snapshot, one)];
		return origins.map(origin => inwards({target: one, origin, family}));
	});
}

function inwards(request: FlowRequest): Round {
	return {request, aim: 'inwards', isSent: true};
}

/** One request per port and origin: IPv4 and IPv6 bindings of one port are alternatives of one path. */
function publishedRounds({name}: Container, ports: PublishedPort[], own: string | null): Round[] {
	const byPort = Map.groupBy(ports, ({port, proto}) => `${port}/${proto}`);
	return [...byPort.values()].flatMap(bindings => {
		const [first] = bindings;
		if (!first) return [];
		const target: Target = {kind: 'container', name, port: first.port, proto: first.proto};
		const private_ = bindings.every(({hostAddress}) => isLoopback(hostAddress));
		const outer: Origin[] = private_ ? [] : [lan, ...(own === null ? [] : [{kind: 'host', address: own} as const])];
		return [host, ...outer].map(origin => inwards({target, origin, family: null}));
	});
}

/** A container without a port stands for each that it publishes. */
function withPorts(snapshot: Snapshot, target: Target): Target[] {
	if (target.kind !== 'container' || target.port !== null) return [target];
	const found = findContainer(containersOf(snapshot), target.name);
	if ('usage' in found) return [target];
	const ports = [...found.published, ...(found.published.length > 0 ? [] : found.requested)];
	const distinct = Map.groupBy(ports, ({port, proto}) => `${port}/${proto}`);
	const all = [...distinct.values()].flatMap(([one]) => (one ? [{...target, port: one.port, proto: one.proto}] : []));
	return all.length > 0 ? all : [target];
}

function neighboursOf(snapshot: Snapshot, target: Target): Origin[] {
	const found = target.kind === 'container' ? findContainer(containersOf(snapshot), target.name) : null;
	if (!found || 'usage' in found) return [];
	const names = bridgeNetworks(snapshot).flatMap(({network, containers}) => {
		if (network.name === 'bridge' || !containers.includes(found)) return [];
		const other = containers.find(one => one !== found && one.state === 'running');
		return other ? [other.name] : [];
	});
	return [...new Set(names)].map(name => ({kind: 'container', name}));
}

/** From the LAN, 127.0.0.1 would be the client's own, and a name is resolved there. */
function isLocal(target: Target): boolean {
	return target.kind === 'url' || (target.kind === 'address' && isLoopback(target.address));
}

const host: Origin = {kind: 'host', address: null};
const lan: Origin = {kind: 'lan', address: null};
