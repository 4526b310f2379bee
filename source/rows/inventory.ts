import type {Container, Engine, Link, Network, Snapshot} from '../model/index.js';

/** The engine's inventory; an empty one where it could not be read (the caller shows the reason). */
export function engineOf(snapshot: Snapshot): Pick<Engine, 'networks' | 'containers'> {
	return snapshot.engine.read ? snapshot.engine.value : {networks: [], containers: []};
}

/** Containers that have an endpoint in this network, stopped ones too, in the engine's order. */
export function containersOn(snapshot: Snapshot, networkId: string): Container[] {
	return engineOf(snapshot).containers.filter(container => container.endpoints.some(endpoint => endpoint.networkId === networkId));
}

/** The bridge networks that have a Linux bridge, with that link: undefined where it is not there, null where links could not be read. */
export function bridgesOf(snapshot: Snapshot): {network: Network; name: string; link: Link | undefined | null}[] {
	const {links} = snapshot.host;
	return engineOf(snapshot).networks.flatMap(network =>
		network.bridge === null ? [] : [{network, name: network.bridge, link: links.read ? links.value.find(isNamed(network.bridge)) : null}],
	);
}

/** Links that are ports of this bridge, sorted by name as `brctl show` does; null where links could not be read. */
export function portsOf(snapshot: Snapshot, bridge: string): Link[] | null {
	const {links} = snapshot.host;
	if (!links.read) return null;
	return links.value.filter(link => link.master === bridge).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The container at the other end of a host link; null where it is nobody's or cannot be told. */
export function ownerOf(snapshot: Snapshot, link: Link): Container | null {
	if (!snapshot.veths.read) return null;
	const pair = snapshot.veths.value.find(veth => veth.hostIndex === link.index);
	return engineOf(snapshot).containers.find(container => container.id === pair?.containerId) ?? null;
}

/**
 * The host's end of a container's interface in one network: the veth that is a port of the network's bridge, or, where the container has
 * one endpoint and one veth, that one (it may have been taken out of the bridge). null: none, or it cannot be told.
 */
export function vethOf(snapshot: Snapshot, container: Container, network: Network | undefined): Link | null {
	const {links} = snapshot.host;
	if (!links.read || !snapshot.veths.read || !network?.bridge) return null;
	const indexes = snapshot.veths.value.filter(veth => veth.containerId === container.id).map(veth => veth.hostIndex);
	const ends = links.value.filter(link => indexes.includes(link.index));
	const only = container.endpoints.length === 1 && ends.length === 1 ? ends[0] : undefined;
	return ends.find(link => link.master === network.bridge) ?? only ?? null;
}

function isNamed(name: string): (link: Link) => boolean {
	return link => link.name === name;
}
