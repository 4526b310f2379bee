import type {Container, Endpoint, Engine, Network} from '../model/index.js';

/** What a name or an id stands for: one, none, or several that it does not tell apart. */
export type Match<T> = {kind: 'one'; value: T} | {kind: 'none'} | {kind: 'several'; values: T[]};

/**
 * The container that a person means: full id, name, Compose service (of whatever project), beginning of an id, in this order. The
 * first of these that fits anything decides; where it fits several, all are given.
 */
export function findContainer(engine: Engine, name: string): Match<Container> {
	const bare = name.replace(/^\//, '');
	if (bare === '') return {kind: 'none'};
	const ways: ((container: Container) => boolean)[] = [
		({id}) => id === bare,
		container => container.name === bare,
		({composeService}) => composeService === bare,
		({id}) => /^[\da-f]+$/.test(bare) && id.startsWith(bare),
	];
	for (const fits of ways) {
		const values = engine.containers.filter(fits);
		const [value] = values;
		if (value) return values.length === 1 ? {kind: 'one', value} : {kind: 'several', values};
	}
	return {kind: 'none'};
}

/** Whose network namespace a container is in. */
export type NetnsOwner =
	| {kind: 'container'; container: Container}
	| {kind: 'host'}
	/** `container:X` leads to a container that is gone, or round in a circle. */
	| {kind: 'unknown'; why: string};

/** Follows `--network container:X` to the container that owns the namespace; `--network host` is the host's. */
export function netnsOwner(engine: Engine, container: Container): NetnsOwner {
	let current = container;
	for (const seen = new Set<string>(); !seen.has(current.id); ) {
		seen.add(current.id);
		if (current.networkMode === 'host') return {kind: 'host'};
		const named = /^container:(.*)$/.exec(current.networkMode)?.[1];
		if (named === undefined) return {kind: 'container', container: current};
		const next = engine.containers.find(({id, name}) => id === named || name === named);
		if (!next) return {kind: 'unknown', why: `${current.name} shares the network of ${named.slice(0, 12)}, which is gone`};
		current = next;
	}
	return {kind: 'unknown', why: `${container.name} shares the network of a container that shares its own`};
}

/** All running containers in the same network namespace, the given one included. */
export function containersSharing(engine: Engine, container: Container): Container[] {
	const owner = netnsOwner(engine, container);
	return engine.containers.filter(other => {
		if (other.id === container.id) return true;
		const its = netnsOwner(engine, other);
		if (other.pid === null || owner.kind === 'unknown' || its.kind !== owner.kind) return false;
		return its.kind === 'host' || (its.kind === 'container' && owner.kind === 'container' && its.container.id === owner.container.id);
	});
}

/** The containers with an endpoint on a network. */
export function containersOn(engine: Engine, networkId: string): Container[] {
	return engine.containers.filter(container => container.endpoints.some(endpoint => endpoint.networkId === networkId));
}

/** The networks of a container's own endpoints, with these; network null where the inventory has none of that id. */
export function networksOf(engine: Engine, container: Container): {endpoint: Endpoint; network: Network | null}[] {
	return container.endpoints.map(endpoint => ({
		endpoint,
		network: engine.networks.find(({id}) => id === endpoint.networkId) ?? null,
	}));
}

/** Every endpoint that the engine gave this address (IPv4, or IPv6 as the engine writes it): several on networks that overlap. */
export function endpointsAt(engine: Engine, address: string): {container: Container; endpoint: Endpoint}[] {
	const plain = address.toLowerCase();
	return engine.containers.flatMap(container =>
		container.endpoints
			.filter(endpoint => endpoint.address === plain || endpoint.address6?.toLowerCase() === plain)
			.map(endpoint => ({container, endpoint})),
	);
}
