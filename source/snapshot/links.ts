import type {Container, Endpoint, Gap, Link, NetnsFacts, Snapshot} from '../model/index.js';
import {linkNamed, ownerOf} from './netns.js';

/** A link of a namespace by its ifindex. */
export function linkAt(netns: NetnsFacts, index: number): Link | null {
	return netns.links.read ? (netns.links.value.find(link => link.index === index) ?? null) : null;
}

/** The host's side of a container's interface: the veth, and the bridge that it is a port of (null: of none). */
export interface HostSide {
	interface: string;
	veth: Link;
	bridge: Link | null;
	by: 'iflink' | 'fdb';
}

/**
 * The veth of an endpoint. Several interfaces are told apart by the endpoint's address, where the container's addresses were read,
 * else by the bridge of the endpoint's network; where neither decides, that is the answer.
 */
export function hostSideOf(snapshot: Snapshot, container: Container, endpoint: Endpoint): HostSide | Gap {
	const {veths, host} = snapshot;
	if (!veths.read) return veths.gap;
	if (!host.links.read) return host.links.gap;
	const sides = veths.value
		.filter(({containerId}) => containerId === container.id)
		.flatMap(pair => {
			const veth = linkAt(host, pair.hostIndex);
			return veth ? [{interface: pair.interface, veth, bridge: veth.master ? linkNamed(host, veth.master) : null, by: pair.by}] : [];
		});
	const name = interfaceOf(snapshot, container, endpoint);
	const bridge = snapshot.engine.read ? snapshot.engine.value.networks.find(({id}) => id === endpoint.networkId)?.bridge : null;
	const fitting = name
		? sides.filter(side => side.interface === name)
		: sides.length > 1
			? sides.filter(side => side.bridge?.name === bridge)
			: sides;
	const [side] = fitting;
	if (side && fitting.length === 1) return side;
	const why = side
		? `${container.name} has several veths on that bridge`
		: `no veth of ${container.name} on ${endpoint.networkName} was found on this host`;
	return {id: 'read-failed', why, tell: `nsenter -t ${container.pid ?? 'PID'} -n ip link`};
}

function interfaceOf(snapshot: Snapshot, container: Container, endpoint: Endpoint): string | null {
	const netns = snapshot.containers[container.id]?.netns;
	const address = endpoint.address ?? endpoint.address6;
	return netns && address ? (ownerOf(netns, address)?.link ?? null) : null;
}
