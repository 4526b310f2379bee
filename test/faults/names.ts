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
];
