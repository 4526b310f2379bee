import type {FaultCase} from './fault.ts';
import {remove, run} from './fault.ts';

/** Faults between containers: names, and networks that are kept apart. */
export const nameFaults: FaultCase[] = [
	{
		name: 'containers of different networks',
		make: async () => {},
		undo: lab => lab.docker('network', 'disconnect', 'othernet', 'app'),
		id: 'different-networks',
		doctor: null,
		flow: ['other:80', '--from', 'app'],
		at: ['dns'],
		remedy: true,
	},
	{
		name: 'a name on the default bridge',
		make: async () => {},
		undo: async lab => {
			await lab.docker('network', 'disconnect', 'app', 'www');
			await lab.docker('network', 'disconnect', 'app', 'tiny');
			await lab.docker('network', 'rm', 'app');
		},
		id: 'default-bridge-names',
		doctor: null,
		flow: ['www:80', '--from', 'tiny'],
		at: ['dns'],
		remedy: true,
	},
	{
		name: 'host.docker.internal without --add-host',
		make: async () => {},
		undo: async () => {},
		id: 'host-gateway-missing',
		doctor: null,
		flow: ['http://host.docker.internal:8080/', '--from', 'web'],
		at: ['dns'],
	},
	{
		name: 'a misspelt name',
		make: async () => {},
		undo: async () => {},
		id: 'name-misspelt',
		doctor: null,
		flow: ['http://webb/', '--from', 'app'],
		at: ['dns'],
	},
	{
		name: 'localhost for a service of the host',
		make: async () => {},
		undo: async () => {},
		id: 'localhost-inside',
		doctor: null,
		flow: ['http://127.0.0.1:9000/', '--from', 'app'],
		at: ['port'],
	},
	{
		name: 'outwards from an internal network',
		make: async lab => {
			await lab.docker('network', 'create', '--internal', 'inner');
			await run(lab, 'hermit', '--network', 'inner', 'busybox', 'sleep', '600');
		},
		undo: async lab => {
			await lab.docker('rm', '-f', 'hermit');
			await lab.docker('network', 'rm', 'inner');
		},
		id: 'internal-network',
		doctor: null,
		flow: ['10.99.0.2:80', '--from', 'hermit'],
		at: ['route', 'netfilter'],
		remedy: true,
	},
	{
		name: 'a network with enable_icc=false',
		make: async lab => {
			await lab.docker('network', 'create', '-o', 'com.docker.network.bridge.enable_icc=false', 'apart');
			for (const name of ['one', 'two']) await run(lab, name, '--network', 'apart', 'busybox', 'httpd', '-f', '-p', '80', '-h', '/www');
		},
		undo: async lab => {
			await lab.docker('rm', '-f', 'one', 'two');
			await lab.docker('network', 'rm', 'apart');
			await lab.host(['docker', 'network', 'rm', 'app'], {mayFail: true});
		},
		id: 'icc-off',
		doctor: null,
		flow: ['one:80', '--from', 'two'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'two containers with one MAC address',
		make: async lab => {
			for (const name of ['twin', 'double'])
				await run(lab, name, '--network', 'appnet', '--mac-address', '02:42:ac:12:00:77', 'busybox', 'sleep', '600');
		},
		undo: remove('twin', 'double'),
		id: 'duplicate-mac',
	},
	{
		name: 'no DNS server answers',
		make: lab => run(lab, 'deaf', '--network', 'appnet', '--dns', '10.99.0.77', '--stop-timeout', '1', 'curl', 'sleep', '600'),
		undo: remove('deaf'),
		id: 'dns-servers-silent',
		doctor: null,
		flow: ['http://example.com/', '--from', 'deaf'],
		at: ['dns'],
	},
	{
		name: 'outwards from the network none',
		make: async () => {},
		undo: async lab => {
			await lab.docker('network', 'disconnect', 'bridge', 'lonely');
			await lab.docker('network', 'connect', 'none', 'lonely');
		},
		id: 'no-route',
		doctor: null,
		flow: ['10.99.0.2:80', '--from', 'lonely'],
		at: ['route'],
		remedy: true,
	},
	{
		name: 'a container on the network none, asked by another',
		make: async () => {},
		undo: async lab => {
			await lab.docker('network', 'disconnect', 'appnet', 'lonely');
			await lab.docker('network', 'connect', 'none', 'lonely');
		},
		id: 'different-networks',
		doctor: null,
		flow: ['lonely:80', '--from', 'app'],
		at: ['dns'],
		remedy: true,
	},
	{
		name: 'a service of the host that listens on 127.0.0.1 alone',
		make: async lab => {
			const program = lab.start('host', ['busybox', 'httpd', '-f', '-p', '127.0.0.1:9100']);
			await program.until(async () => (await lab.host(['ss', '-tlnH', 'sport = :9100'])).stdout.includes('9100'), 5000);
		},
		undo: async lab => {
			const {stdout} = await lab.host(['ss', '-tlnpH', 'sport = :9100']);
			const pid = /pid=(\d+)/.exec(stdout)?.[1];
			if (pid) await lab.host(['kill', pid]);
		},
		id: 'listens-on-loopback',
		doctor: null,
		flow: ['http://host.docker.internal:9100/', '--from', 'app'],
		at: ['port'],
	},
	{
		name: 'an HTTP proxy in the environment',
		make: lab =>
			run(
				lab,
				'office',
				'--network',
				'appnet',
				'-e',
				'HTTP_PROXY=http://me:secret@10.9.9.9:3128',
				'--stop-timeout',
				'1',
				'curl',
				'sleep',
				'600',
			),
		undo: remove('office'),
		id: 'http-proxy-environment',
		doctor: ['web:80'],
	},
	{
		name: 'the host asks a container of its own macvlan',
		make: async lab => {
			await lab.docker(
				'network',
				'create',
				'-d',
				'macvlan',
				'--subnet',
				'10.99.0.0/24',
				'--ip-range',
				'10.99.0.128/25',
				'-o',
				'parent=eth0',
				'mac',
			);
			await run(lab, 'beside', '--network', 'mac', '--stop-timeout', '1', 'busybox', 'httpd', '-f', '-p', '80', '-h', '/www');
		},
		undo: async lab => {
			await lab.docker('rm', '-f', 'beside');
			await lab.docker('network', 'rm', 'mac');
			await lab.host(['ip', 'link', 'del', 'shim']);
			// It answered for the host's own address as well: the LAN may remember its MAC address.
			await lab.lan(['ip', 'neigh', 'flush', 'all']);
		},
		id: 'macvlan-host',
		doctor: null,
		flow: ['beside:80'],
		at: ['neighbour'],
		real: ['sh', '-c', `curl -sS -m 4 -o /dev/null http://$(docker inspect -f '{{.NetworkSettings.Networks.mac.IPAddress}}' beside)/`],
		remedy: true,
	},
];
