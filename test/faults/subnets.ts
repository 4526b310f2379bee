import type {Lab} from '../lab/lab.ts';
import {addressOf, bridgeOf, type FaultCase, gatewayOf, inside} from './fault.ts';

/** Faults of subnets, addresses and neighbours: two that are the same, one that is wrong, one that is gone. */
export const subnetFaults: FaultCase[] = [
	{
		name: 'the subnet of a network is a part of the LAN',
		make: lab => lab.docker('network', 'create', '--subnet', '10.99.0.128/25', 'over'),
		undo: lab => lab.docker('network', 'rm', 'over'),
		id: 'subnet-overlap',
		flow: ['10.99.0.200:80', '--from', 'app'],
		at: ['netfilter', 'neighbour'],
	},
	{
		name: 'a VPN takes a part of the subnet',
		make: async lab => {
			await lab.host(['ip', 'link', 'add', 'vpn0', 'type', 'veth', 'peer', 'name', 'vpn1']);
			for (const end of ['vpn0', 'vpn1']) await lab.host(['ip', 'link', 'set', end, 'up']);
			await lab.host(['ip', 'route', 'add', `${await addressOf(lab, 'web')}/31`, 'dev', 'vpn0']);
		},
		undo: lab => lab.host(['ip', 'link', 'del', 'vpn0']),
		id: 'subnet-overlap',
		flow: ['web:80', '--from', 'lan'],
		at: ['route'],
	},
	{
		name: 'two routes lead to the same subnet, the wrong one first',
		make: async lab => lab.host(['ip', 'route', 'prepend', await subnetOf(lab, 'appnet'), 'dev', await bridgeOf(lab, 'othernet')]),
		undo: async lab => lab.host(['ip', 'route', 'del', await subnetOf(lab, 'appnet'), 'dev', await bridgeOf(lab, 'othernet')]),
		id: 'misrouted',
		flow: ['web:80', '--from', 'lan'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a wrong permanent neighbour entry inside the asking container',
		make: async lab => inside(lab, 'app', ...wrongNeighbour(await addressOf(lab, 'web'))),
		undo: async lab => inside(lab, 'app', 'ip', 'neigh', 'del', await addressOf(lab, 'web'), 'dev', 'eth0'),
		id: 'wrong-neighbour',
		flow: ['web:80', '--from', 'app'],
		at: ['neighbour'],
		remedy: true,
	},
	{
		name: 'a wrong permanent neighbour entry for the gateway inside the target',
		make: async lab => inside(lab, 'web', ...wrongNeighbour(await gatewayOf(lab, 'appnet'))),
		undo: async lab => inside(lab, 'web', 'ip', 'neigh', 'del', await gatewayOf(lab, 'appnet'), 'dev', 'eth0'),
		id: 'wrong-neighbour',
		flow: ['web:80', '--from', 'lan'],
		remedy: true,
	},
	{
		name: 'the NIC has lost its IPv4 address',
		make: lab =>
			lab.host(['sh', '-c', 'ip addr del 10.99.0.1/24 dev eth0; ip route add 10.99.0.0/24 dev eth0; ip route add default via 10.99.0.2']),
		undo: lab => lab.host(['sh', '-c', 'ip route flush dev eth0; ip addr add 10.99.0.1/24 dev eth0; ip route add default via 10.99.0.2']),
		id: 'not-masqueraded',
		flow: ['10.99.0.2:80', '--from', 'app'],
		at: ['nic'],
		remark: true,
	},
];

function wrongNeighbour(address: string): string[] {
	return ['ip', 'neigh', 'replace', address, 'lladdr', '02:00:00:00:00:99', 'nud', 'permanent', 'dev', 'eth0'];
}

function subnetOf(lab: Lab, network: string): Promise<string> {
	return lab.docker('network', 'inspect', '-f', '{{range .IPAM.Config}}{{.Subnet}}{{end}}', network);
}
