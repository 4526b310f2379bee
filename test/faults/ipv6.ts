import type {Lab} from '../lab/lab.ts';
import {bridgeOf, type FaultCase, inside, run} from './fault.ts';

/** A network with IPv6, a server on it (8701→80) and a container that has curl. */
export async function sceneOfIpv6(lab: Lab): Promise<void> {
	await lab.docker('network', 'create', '--ipv6', '--subnet', 'fd00:66::/64', 'six');
	await run(lab, 'v6', '--network', 'six', '-p', '8701:80', '--stop-timeout', '1', 'tiny', '/tiny', 'serve', '[::]:80');
	await run(lab, 'v6-asks', '--network', 'six', '--stop-timeout', '1', 'curl', 'httpd', '-f', '-p', '80', '-h', '/www');
}

/** Faults of IPv6 inside a network: each is met over IPv6 alone. */
export const ipv6Faults: FaultCase[] = [
	{
		name: 'IPv6 is switched off inside a container',
		make: lab => inside(lab, 'v6', 'sysctl', '-w', 'net.ipv6.conf.eth0.disable_ipv6=1'),
		undo: restarted('v6'),
		id: 'address-lost',
		flow: ['v6:80', '--from', 'v6-asks', '-6'],
		at: ['neighbour'],
		remedy: true,
	},
	{
		name: 'IPv6 is switched off inside the asking container',
		make: lab => inside(lab, 'v6-asks', 'sysctl', '-w', 'net.ipv6.conf.all.disable_ipv6=1'),
		undo: restarted('v6-asks'),
		id: 'address-lost',
		flow: ['v6:80', '--from', 'v6-asks', '-6'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a container has lost its IPv6 default route',
		make: lab => inside(lab, 'v6-asks', 'ip', '-6', 'route', 'del', 'default'),
		undo: restarted('v6-asks'),
		id: 'address-lost',
		flow: ['[fd00:99::2]:80', '--from', 'v6-asks'],
		at: ['route'],
		remedy: true,
	},
	{
		name: "another container has a container's IPv6 address",
		make: async lab => inside(lab, 'v6-asks', 'ip', '-6', 'addr', 'add', `${await address6Of(lab, 'v6')}/64`, 'dev', 'eth0', 'nodad'),
		undo: restarted('v6-asks'),
		id: 'address-taken',
		flow: ['v6:80', '--from', 'v6-asks', '-6'],
		at: ['process', 'port'],
		remedy: true,
	},
	{
		name: 'duplicate address detection failed in a container',
		make: async lab => {
			const address = `${await address6Of(lab, 'v6')}/64`;
			await inside(lab, 'v6-asks', 'ip', '-6', 'addr', 'add', address, 'dev', 'eth0', 'nodad');
			for (const verb of ['del', 'add']) await inside(lab, 'v6', 'ip', '-6', 'addr', verb, address, 'dev', 'eth0');
			for (let tries = 0; tries < 50; tries++) {
				const {stdout} = (await inside(lab, 'v6', 'ip', '-6', 'addr', 'show', 'dadfailed')) as {stdout: string};
				if (stdout !== '') break;
				await new Promise(resolve => setTimeout(resolve, 100));
			}
			// Whoever had it first has gone; the kernel does not look again.
			await inside(lab, 'v6-asks', 'ip', '-6', 'addr', 'del', address, 'dev', 'eth0');
			await lab.host(['ip', 'neigh', 'flush', 'all']);
		},
		undo: restarted('v6'),
		id: 'address-lost',
		flow: ['v6:80', '--from', 'v6-asks', '-6'],
		at: ['neighbour'],
		remedy: true,
	},
	{
		name: 'a bridge has lost the IPv6 address of the gateway',
		make: async lab => lab.host(['ip', '-6', 'addr', 'flush', 'dev', await bridgeOf(lab, 'six'), 'scope', 'global']),
		undo: async lab => lab.host(['ip', 'addr', 'replace', 'fd00:66::1/64', 'dev', await bridgeOf(lab, 'six')]),
		id: 'bridge-lost',
		flow: ['[fd00:99::2]:80', '--from', 'v6-asks'],
		at: ['neighbour'],
		remedy: true,
	},
	{
		name: 'IPv6 is not forwarded',
		make: lab => lab.host(['sysctl', '-w', 'net.ipv6.conf.all.forwarding=0']),
		undo: lab => lab.host(['sysctl', '-w', 'net.ipv6.conf.all.forwarding=1']),
		id: 'forwarding-off',
		doctor: null,
		flow: ['[fd00:99::2]:80', '--from', 'v6-asks'],
		at: ['route'],
		remedy: true,
	},
];

function restarted(name: string): FaultCase['undo'] {
	return lab => lab.docker('restart', '-t', '0', name);
}

async function address6Of(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}', name);
}
