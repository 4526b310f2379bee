import {canonical} from '../address/ip.js';
import type {Container, Snapshot} from '../model/index.js';
import {bridgeNetworks, listenersOf, runningOf} from './inventory.js';

/** Up to so many running containers are all read in full. */
const few = 24;
/** Of more, so many are, spread over the networks. */
const sample = 16;

/** Which containers doctor reads in full, and at which it only glances. */
export function firstLook(snapshot: Snapshot): {containers: string[]; glances: string[]} {
	const running = runningOf(snapshot);
	if (running.length <= few) return {containers: running.map(({id}) => id), glances: []};
	const pairs = bridgeNetworks(snapshot).flatMap(({containers}) => containers.slice(0, 2));
	const chosen = new Set([...new Set(pairs.map(({id}) => id))].slice(0, sample));
	return {containers: [...chosen], glances: running.filter(({id}) => !chosen.has(id)).map(({id}) => id)};
}

/** Of those that were only glanced at, the ones that show something strange: they are read in full as well. */
export function secondLook(snapshot: Snapshot, glances: readonly string[]): string[] {
	return runningOf(snapshot)
		.filter(container => glances.includes(container.id) && isStrange(snapshot, container))
		.map(({id}) => id);
}

/** A published port that nobody in it listens on, an address that it does not have, a health check that fails, the namespace of another. */
function isStrange(snapshot: Snapshot, container: Container): boolean {
	const {networkMode, state, health, published, endpoints, id} = container;
	if (networkMode === 'host') return false;
	if (networkMode.startsWith('container:') || state === 'paused' || health === 'unhealthy') return true;
	const listeners = listenersOf(snapshot, container);
	const addresses = snapshot.containers[id]?.netns.addresses;
	if (!listeners || !addresses?.read) return true;
	const own = new Set(addresses.value.map(({address}) => canonical(address)));
	return (
		published.some(({port, proto}) => !listeners.some(socket => socket.port === port && socket.proto === proto)) ||
		endpoints.some(({address}) => address !== null && !own.has(canonical(address)))
	);
}
