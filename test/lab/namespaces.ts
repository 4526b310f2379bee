import {join} from 'node:path';
import type {Journal} from './journal.ts';

/** The two network namespaces of a lab: "the host", where its engine lives, and a client on its LAN. */
export interface Namespaces {
	/** Paths, for nsenter --net=… */
	host: string;
	lan: string;
}

/** Addresses on the LAN. Every lab has the same ones: its namespaces are joined to nothing else. */
export const address = {host: '10.99.0.1', lan: '10.99.0.2', host6: 'fd00:99::1', lan6: 'fd00:99::2'};

/** Where the namespaces of the lab of that name are, or would be. */
export function namespacesOf(name: string): Namespaces {
	const path = (which: string) => join('/run/netns', `${prefix}${name}-${which}`);
	return {host: path('host'), lan: path('lan')};
}

/**
 * Makes both namespaces and joins their eth0 by a veth pair; the host's default routes lead to the client, so that `lan` means this
 * link. Forwarding is off, as on a machine that has just booted: the engine switches it on in its own.
 */
export async function createNamespaces(name: string, journal: Journal): Promise<Namespaces> {
	const namespaces = namespacesOf(name);
	const ends = [
		{path: namespaces.host, v4: address.host, v6: address.host6},
		{path: namespaces.lan, v4: address.lan, v6: address.lan6},
	];
	for (const {path} of ends) await journal.run(['ip', 'netns', 'add', nameOf(path)]);
	const peer = ['peer', 'name', 'eth0', 'netns', nameOf(namespaces.lan)];
	await journal.run(['ip', 'link', 'add', 'eth0', 'netns', nameOf(namespaces.host), 'type', 'veth', ...peer]);
	for (const {path, v4, v6} of ends) {
		const inside = (...argv: string[]) => journal.run(enter(path, argv));
		await inside('sysctl', '-qw', 'net.ipv4.ip_forward=0', 'net.ipv6.conf.all.forwarding=0');
		await inside('ip', 'link', 'set', 'lo', 'up');
		await inside('ip', 'addr', 'add', `${v4}/24`, 'dev', 'eth0');
		await inside('ip', 'addr', 'add', `${v6}/64`, 'dev', 'eth0', 'nodad');
		await inside('ip', 'link', 'set', 'eth0', 'up');
	}
	await journal.run(enter(namespaces.host, ['ip', 'route', 'add', 'default', 'via', address.lan]));
	await journal.run(enter(namespaces.host, ['ip', '-6', 'route', 'add', 'default', 'via', address.lan6]));
	return namespaces;
}

/**
 * The argument vector that runs a program in a namespace. Not `ip netns exec`: that mounts /sys anew, which hides the cgroups from
 * dockerd.
 */
export function enter(path: string, argv: readonly string[]): string[] {
	return ['nsenter', `--net=${path}`, '--', ...argv];
}

function nameOf(path: string): string {
	return path.slice('/run/netns/'.length);
}

const prefix = 'dhl-';
