import type {FaultCase} from './fault.ts';
import {addressOf, bridgeOf, gatewayOf, inside, vethOf} from './fault.ts';

/** Faults of links, bridges, routes, neighbours and switches of the kernel. */
export const linkFaults: FaultCase[] = [
	{
		name: 'forwarding switched off',
		make: lab => lab.host(['sysctl', '-w', 'net.ipv4.ip_forward=0']),
		undo: lab => lab.host(['sysctl', '-w', 'net.ipv4.ip_forward=1']),
		id: 'forwarding-off',
		flow: ['www:80', '--from', 'lan'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'strict rp_filter, and a route back that leads elsewhere',
		make: async lab => {
			await lab.host(['sysctl', '-w', 'net.ipv4.conf.all.rp_filter=1']);
			await lab.host(['ip', 'route', 'add', `${lab.address.lan}/32`, 'dev', await bridgeOf(lab, 'othernet')]);
		},
		undo: async lab => {
			await lab.host(['ip', 'route', 'del', `${lab.address.lan}/32`]);
			await lab.host(['sysctl', '-w', 'net.ipv4.conf.all.rp_filter=0']);
		},
		id: 'rp-filter',
		flow: ['www:80', '--from', 'lan'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a veth is down',
		make: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'down']),
		undo: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'up']),
		id: 'link-down',
		flow: ['web:80', '--from', 'lan'],
		at: ['veth'],
		remedy: true,
	},
	{
		name: 'a veth is not in its bridge',
		make: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'nomaster']),
		undo: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'master', await bridgeOf(lab, 'appnet')]),
		id: 'not-in-bridge',
		flow: ['web:80', '--from', 'lan'],
		at: ['veth'],
		remedy: true,
	},
	{
		name: 'two ports of a bridge are isolated',
		make: async lab => {
			for (const name of ['web', 'app']) await lab.host(['bridge', 'link', 'set', 'dev', await vethOf(lab, name), 'isolated', 'on']);
		},
		undo: async lab => {
			for (const name of ['web', 'app']) await lab.host(['bridge', 'link', 'set', 'dev', await vethOf(lab, name), 'isolated', 'off']);
		},
		id: 'port-not-forwarding',
		flow: ['web:80', '--from', 'app'],
		at: ['bridge', 'veth'],
		remedy: true,
	},
	{
		name: 'a bridge is down',
		make: async lab => lab.host(['ip', 'link', 'set', await bridgeOf(lab, 'othernet'), 'down']),
		undo: async lab => lab.host(['ip', 'link', 'set', await bridgeOf(lab, 'othernet'), 'up']),
		id: 'bridge-lost',
		flow: ['other:80'],
		at: ['bridge', 'route'],
		remedy: true,
	},
	{
		name: 'a bridge has lost the address of the gateway',
		make: async lab => lab.host(['ip', 'addr', 'flush', 'dev', await bridgeOf(lab, 'appnet'), 'scope', 'global']),
		undo: async lab => {
			const gateway = await gatewayOf(lab, 'appnet');
			await lab.host(['ip', 'addr', 'replace', `${gateway}/16`, 'dev', await bridgeOf(lab, 'appnet')]);
		},
		id: 'bridge-lost',
		flow: ['web:80', '--from', 'lan'],
		remedy: true,
	},
	{
		name: 'a container has lost its address',
		make: async lab => inside(lab, 'web', 'ip', 'addr', 'flush', 'dev', 'eth0', 'scope', 'global'),
		undo: lab => lab.docker('restart', '-t', '0', 'web'),
		id: 'address-lost',
		flow: ['web:80', '--from', 'lan'],
		remedy: true,
	},
	{
		name: 'a container has lost its default route',
		make: lab => inside(lab, 'app', 'ip', 'route', 'del', 'default'),
		undo: lab => lab.docker('restart', '-t', '0', 'app'),
		id: 'address-lost',
		flow: ['10.99.0.2:80', '--from', 'app'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a blackhole route',
		make: async lab => lab.host(['ip', 'route', 'add', 'blackhole', `${await addressOf(lab, 'web')}/32`]),
		undo: async lab => lab.host(['ip', 'route', 'del', 'blackhole', `${await addressOf(lab, 'web')}/32`]),
		id: 'route-refuses',
		flow: ['web:80', '--from', 'lan'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a routing rule that prohibits',
		make: lab => lab.host(['ip', 'rule', 'add', 'to', '172.16.0.0/12', 'prohibit', 'priority', '100']),
		undo: lab => lab.host(['ip', 'rule', 'del', 'priority', '100']),
		id: 'route-refuses',
		flow: ['web:80', '--from', 'lan'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a route to the LAN for a part of the subnet',
		make: async lab => lab.host(['ip', 'route', 'add', `${await addressOf(lab, 'web')}/31`, 'via', lab.address.lan]),
		undo: async lab => lab.host(['ip', 'route', 'del', `${await addressOf(lab, 'web')}/31`, 'via', lab.address.lan]),
		id: 'subnet-overlap',
		flow: ['web:80', '--from', 'lan'],
		at: ['route'],
	},
	{
		name: 'a wrong permanent neighbour entry',
		make: async lab =>
			lab.host([
				'ip',
				'neigh',
				'replace',
				await addressOf(lab, 'web'),
				'lladdr',
				'02:00:00:00:00:99',
				'nud',
				'permanent',
				'dev',
				await bridgeOf(lab, 'appnet'),
			]),
		undo: async lab => lab.host(['ip', 'neigh', 'del', await addressOf(lab, 'web'), 'dev', await bridgeOf(lab, 'appnet')]),
		id: 'wrong-neighbour',
		flow: ['web:80', '--from', 'lan'],
		at: ['neighbour'],
		remedy: true,
	},
	{
		name: 'a small MTU outside, and nobody may say so',
		make: async lab => {
			await lab.host(['ip', 'link', 'set', 'eth0', 'mtu', '1400']);
			await lab.host(['iptables', '-I', 'OUTPUT', '-p', 'icmp', '--icmp-type', 'fragmentation-needed', '-j', 'DROP']);
		},
		undo: async lab => {
			await lab.host(['ip', 'link', 'set', 'eth0', 'mtu', '1500']);
			await lab.host(['iptables', '-D', 'OUTPUT', '-p', 'icmp', '--icmp-type', 'fragmentation-needed', '-j', 'DROP']);
			await lab.host(['iptables', '-t', 'mangle', '-F', 'FORWARD']);
		},
		id: 'mtu-too-large',
		remedy: true,
	},
	{
		name: "a container's own interface is down",
		make: lab => inside(lab, 'web', 'ip', 'link', 'set', 'eth0', 'down'),
		undo: lab => lab.docker('restart', '-t', '0', 'web'),
		id: 'link-down',
		flow: ['web:80', '--from', 'lan'],
		at: ['veth', 'interface'],
	},
	{
		name: 'the ports of a bridge still listen (STP)',
		make: async lab => {
			await lab.host(['ip', 'link', 'set', await bridgeOf(lab, 'othernet'), 'type', 'bridge', 'stp_state', '1']);
			for (const state of ['down', 'up']) await lab.host(['ip', 'link', 'set', await vethOf(lab, 'other'), state]);
		},
		undo: async lab => {
			await lab.host(['ip', 'link', 'set', await bridgeOf(lab, 'othernet'), 'type', 'bridge', 'stp_state', '0']);
			for (const state of ['down', 'up']) await lab.host(['ip', 'link', 'set', await vethOf(lab, 'other'), state]);
		},
		id: 'port-not-forwarding',
		doctor: ['other:80'],
		flow: ['other:80'],
		at: ['veth'],
		remedy: true,
	},
];
