import {isLoopback} from '../address/ip.js';
import type {Container, FlowRequest, Network, Origin, Proto, PublishedPort, Snapshot, Target} from '../model/index.js';
import {isGap, routeTo} from '../netfilter/fib.js';
import {findContainer} from '../path/find-container.js';
import {bridgeNetworks, containersOf, listenersOf, runningOf} from './inventory.js';

/** A request that doctor looks at. */
export interface Round {
	request: FlowRequest;
	/** It only tests whether anything leads out: it is never sent, and stopping it may be what somebody wants. */
	outwards: boolean;
}

/**
 * The requests that show what is wrong on a host at a small price: each published port from the host and from the LAN, on each bridge
 * one container after the other in a ring, and from each bridge to the outside. What is not meant to arrive is not asked for.
 */
export function roundsOf(snapshot: Snapshot): Round[] {
	const published = runningOf(snapshot).flatMap(container => publishedRounds(container, container.published));
	const between = bridgeNetworks(snapshot).flatMap(({network, containers}) => ring(snapshot, network, containers));
	return [...published.map(inwards), ...between.map(inwards), ...outwards(snapshot)];
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
	return {request, outwards: false};
}

/** One request per port and origin: IPv4 and IPv6 bindings of one port are alternatives of one path. */
function publishedRounds({name}: Container, ports: PublishedPort[]): FlowRequest[] {
	const byPort = Map.groupBy(ports, ({port, proto}) => `${port}/${proto}`);
	return [...byPort.values()].flatMap(bindings => {
		const [first] = bindings;
		if (!first) return [];
		const target: Target = {kind: 'container', name, port: first.port, proto: first.proto};
		const private_ = bindings.every(({hostAddress}) => isLoopback(hostAddress));
		return [host, ...(private_ ? [] : [lan])].map((origin): FlowRequest => ({target, origin, family: null}));
	});
}

/** Each container of a network asks the next one that listens. Names only where the network has any. */
function ring(snapshot: Snapshot, {name, options}: Network, containers: Container[]): FlowRequest[] {
	if (options['com.docker.network.bridge.enable_icc'] === 'false') return [];
	const awake = containers.filter(({state}) => state === 'running');
	return awake.flatMap((asker, index): FlowRequest[] => {
		const order = [...awake.slice(index + 1), ...awake.slice(0, index)];
		const next = order.find(one => listenersOf(snapshot, one)?.length);
		const socket =
			next && (listenersOf(snapshot, next) ?? []).toSorted((a, b) => protocols.indexOf(a.proto) - protocols.indexOf(b.proto))[0];
		if (!next || !socket) return [];
		const {port, proto} = socket;
		const address = next.endpoints.find(({networkName}) => networkName === name)?.address;
		const byAddress = options['com.docker.network.bridge.default_bridge'] === 'true' || name === 'bridge';
		if (byAddress && !address) return [];
		const target: Target =
			byAddress && address ? {kind: 'address', address, port, proto} : {kind: 'container', name: next.name, port, proto};
		return [{target, origin: {kind: 'container', name: asker.name}, family: null}];
	});
}

/** Only where the host itself has a way out. The address is one of documentation (RFC 5737): it stands for any. */
function outwards(snapshot: Snapshot): Round[] {
	const route = routeTo(snapshot.host, outside);
	if (isGap(route) || route.type !== 'unicast') return [];
	return bridgeNetworks(snapshot).flatMap(({network, containers}): Round[] => {
		const asker = containers.find(({state}) => state === 'running');
		if (network.internal || !asker) return [];
		const target: Target = {kind: 'address', address: outside, port: 443, proto: 'tcp'};
		return [{request: {target, origin: {kind: 'container', name: asker.name}, family: null}, outwards: true}];
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
const outside = '192.0.2.1';
const protocols: Proto[] = ['tcp', 'udp', 'sctp'];
