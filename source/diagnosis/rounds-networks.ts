import type {Container, Network, Proto, Snapshot, Socket, Target} from '../model/index.js';
import {isGap, routeTo} from '../netfilter/fib.js';
import {isDefaultBridge} from '../path/names/embedded-dns.js';
import {addressesOf} from '../snapshot/netns.js';
import {bridgeNetworks, listenersOf} from './inventory.js';
import type {Round} from './rounds.js';

/** On each bridge each container asks the next one that listens. By name, where the network has names. */
export function ringRounds(snapshot: Snapshot): Round[] {
	return bridgeNetworks(snapshot).flatMap(({network, containers}): Round[] => {
		if (network.options['com.docker.network.bridge.enable_icc'] === 'false') return [];
		const awake = containers.filter(({state}) => state === 'running');
		const sockets = awake.map(one => firstListener(snapshot, one));
		return awake.flatMap((asker, index): Round[] => {
			const next = nextListening(sockets, index);
			const target = next === null ? null : targetOn(network, awake[next], sockets[next]);
			if (!target) return [];
			return [{request: {target, origin: {kind: 'container', name: asker.name}, family: null}, aim: 'inwards', isSent: true}];
		});
	});
}

/** Each container with a way out asks an address that stands for any, where the host itself has a way there. */
export function outwardsRounds(snapshot: Snapshot): Round[] {
	const route = routeTo(snapshot.host, outside);
	if (isGap(route) || route.type !== 'unicast') return [];
	const open = bridgeNetworks(snapshot).filter(({network}) => !network.internal);
	const askers = new Set(open.flatMap(({containers}) => containers.filter(({state}) => state === 'running')));
	const target: Target = {kind: 'address', address: outside, port: 443, proto: 'tcp'};
	return [...askers].map(({name}) => ({
		request: {target, origin: {kind: 'container', name}, family: null},
		aim: 'outwards',
		isSent: false,
	}));
}

/** The host's address on the link of its default route: clients on the LAN ask there. null where there is none. */
export function lanAddress({host}: Snapshot): string | null {
	const route = routeTo(host, outside);
	const dev = isGap(route) ? null : (route.nexthop?.dev ?? null);
	return dev === null ? null : (addressesOf(host, 4, dev).find(({scope}) => scope === 'global')?.address ?? null);
}

/** The first behind this one, round the ring, that listens; null: no other does. */
function nextListening(sockets: readonly (Socket | null)[], from: number): number | null {
	for (let step = 1; step < sockets.length; step++) {
		const index = (from + step) % sockets.length;
		if (sockets[index]) return index;
	}
	return null;
}

function firstListener(snapshot: Snapshot, container: Container): Socket | null {
	const order = ({proto}: Socket) => protocols.indexOf(proto);
	return (listenersOf(snapshot, container) ?? []).toSorted((a, b) => order(a) - order(b))[0] ?? null;
}

function targetOn(network: Network, container: Container | undefined, socket: Socket | null | undefined): Target | null {
	if (!container || !socket) return null;
	const {port, proto} = socket;
	if (!isDefaultBridge(network)) return {kind: 'container', name: container.name, port, proto};
	const address = container.endpoints.find(({networkId}) => networkId === network.id)?.address;
	return address ? {kind: 'address', address, port, proto} : null;
}

/** Of documentation (RFC 5737). */
const outside = '192.0.2.1';
const protocols: Proto[] = ['tcp', 'udp', 'sctp'];
