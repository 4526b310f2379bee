import {isLoopback, isUnspecified} from '../address/ip.js';
import type {Container, Proto, PublishedPort} from '../model/index.js';
import {addressesOf} from '../snapshot/netns.js';
import type {Usage} from './explanation.js';
import {list} from './find-container.js';
import {isRunning, type World} from './world.js';

/** The port that is meant where none is given: the only published or exposed one of that protocol. */
export function soloPort(container: Container, proto: Proto): number | Usage {
	const known = [...container.published, ...container.requested, ...container.exposed].filter(one => one.proto === proto);
	const ports = [...new Set(known.map(one => one.port))].sort((a, b) => a - b);
	if (ports.length === 1 && ports[0] !== undefined) return ports[0];
	const other = [...container.exposed, ...container.requested].find(one => one.proto !== proto);
	const hint = other ? `; it has ${other.port}/${other.proto}` : '';
	if (ports.length === 0) return {usage: `${container.name} publishes and exposes no ${proto} port${hint}: write ${container.name}:PORT`};
	return {usage: `${container.name} has several ports: ${list(ports.map(String))}; write ${container.name}:PORT`};
}

/** Where a container's port is published: as bound now, else (not running) as asked for. */
export function publishedAs(container: Container, port: number, proto: Proto): PublishedPort[] {
	const matches = (one: PublishedPort) => one.port === port && one.proto === proto && one.hostPort !== 0;
	const now = container.published.filter(matches);
	const all = now.length > 0 || isRunning(container) ? now : container.requested.filter(matches);
	return all.map(one => (one.hostAddress === '' ? {...one, hostAddress: '0.0.0.0'} : one));
}

/** The address at which the host itself asks for a published port. */
export function hostSide(port: PublishedPort): string {
	if (!isUnspecified(port.hostAddress)) return port.hostAddress;
	return port.hostAddress.includes(':') ? '::1' : '127.0.0.1';
}

/** The address at which a LAN client asks: of the NIC, or the one it is published on; a loopback binding is asked for at the NIC all the same. */
export function lanSide(world: World, port: PublishedPort, nic: string): string | null {
	if (!isUnspecified(port.hostAddress) && !isLoopback(port.hostAddress)) return port.hostAddress;
	return nicAddress(world, nic, port.hostAddress.includes(':') ? 6 : 4);
}

/** The first global address of a link of the host. */
export function nicAddress(world: World, nic: string, family: 4 | 6): string | null {
	return (
		addressesOf(world.host.facts, family, nic).find(one => one.scope === 'global' && !one.flags.includes('deprecated'))?.address ?? null
	);
}
