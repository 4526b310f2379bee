import type {FaultCase} from './fault.ts';
import {endListener, remove, run, until} from './fault.ts';

/** Faults of a container: its program, its published ports, its state. */
export const containerFaults: FaultCase[] = [
	{
		name: 'the program listens on 127.0.0.1 alone',
		make: lab => run(lab, 'shy', '-p', '8282:80', 'tiny', '/tiny', 'serve', '127.0.0.1:80'),
		undo: remove('shy'),
		id: 'listens-on-loopback',
		flow: ['shy:80', '--from', 'lan'],
		at: ['port'],
	},
	{
		name: 'published to the wrong port of the container',
		make: lab => run(lab, 'wrong', '-p', '8383:80', 'tiny', '/tiny', 'serve', '0.0.0.0:3000'),
		undo: remove('wrong'),
		id: 'wrong-port',
		flow: ['wrong:80', '--from', 'lan'],
		at: ['port'],
	},
	{
		name: 'published as TCP, served as UDP',
		make: lab => run(lab, 'name', '-p', '5353:53', 'tiny', '/tiny', 'serve', '--udp', '0.0.0.0:53'),
		undo: remove('name'),
		id: 'protocol-mismatch',
		flow: ['name:53', '--from', 'lan'],
		at: ['port'],
	},
	{
		name: 'just started, not listening yet',
		make: lab => run(lab, 'slow', '-p', '8484:80', 'busybox', 'sleep', '600'),
		undo: remove('slow'),
		id: 'not-ready',
		flow: ['slow:80', '--from', 'lan'],
		at: ['port'],
	},
	{
		name: 'nothing listens in the container',
		make: async () => {},
		undo: async () => {},
		id: 'nothing-listens',
		doctor: ['quiet:80'],
		flow: ['quiet:80', '--from', 'app'],
		at: ['port'],
	},
	{
		name: 'not published, asked from the LAN',
		make: async () => {},
		undo: async () => {},
		id: 'not-published',
		doctor: ['other:80'],
		flow: ['other:80', '--from', 'lan'],
		at: ['netfilter'],
	},
	{
		name: 'published on 127.0.0.1, asked from the LAN',
		make: async () => {},
		undo: async () => {},
		id: 'published-elsewhere',
		doctor: ['tiny'],
		flow: ['tiny', '--from', 'lan'],
		at: ['port'],
	},
	{
		name: 'stopped',
		make: lab => lab.docker('stop', '-t', '0', 'www'),
		undo: lab => lab.docker('start', 'www'),
		id: 'not-running',
		flow: ['www:80', '--from', 'lan'],
		at: ['port', 'process'],
		remedy: true,
	},
	{
		name: 'restarting again and again',
		make: async lab => {
			await run(lab, 'crash', '--restart', 'always', '-p', '8585:80', 'busybox', 'sh', '-c', 'exit 3');
			await until(lab, 'true', 'inspect', '-f', '{{ge .RestartCount 2}}', 'crash');
		},
		undo: remove('crash'),
		id: 'restarting',
	},
	{
		name: 'its port is taken by another container',
		make: async lab => {
			const serving = ['-p', '8989:80', '--stop-timeout', '1', 'busybox', 'httpd', '-f', '-p', '80', '-h', '/www'];
			await run(lab, 'early', ...serving);
			await lab.host(['docker', 'run', '-d', '--name', 'late', ...serving], {mayFail: true});
		},
		undo: remove('early', 'late'),
		id: 'port-taken',
		flow: ['late:80'],
		at: ['port', 'process'],
		remedy: true,
	},
	{
		name: 'paused',
		make: lab => lab.docker('pause', 'web'),
		undo: lab => lab.docker('unpause', 'web'),
		id: 'paused',
		flow: ['web:80', '--from', 'lan'],
		at: ['process'],
		remedy: true,
	},
	{
		name: 'its health check fails',
		make: async lab => {
			const check = ['--health-cmd', 'false', '--health-interval', '1s', '--health-retries', '1'];
			await run(lab, 'ill', ...check, 'busybox', 'httpd', '-f', '-p', '80');
			await until(lab, 'unhealthy', 'inspect', '-f', '{{.State.Health.Status}}', 'ill');
		},
		undo: remove('ill'),
		id: 'unhealthy',
	},
	{
		name: 'the container whose network it shares was stopped',
		make: async lab => {
			await run(lab, 'vpn', '--stop-timeout', '1', '-p', '8686:80', 'busybox', 'sleep', '600');
			await lab.docker(
				'run',
				'-d',
				'--name',
				'side',
				'--stop-timeout',
				'1',
				'--network',
				'container:vpn',
				'busybox',
				'httpd',
				'-f',
				'-p',
				'80',
				'-h',
				'/www',
			);
			await lab.docker('stop', '-t', '0', 'vpn');
		},
		undo: remove('side', 'vpn'),
		id: 'lost-namespace',
		flow: ['side:80', '--from', 'lan'],
		remedy: true,
	},
	{
		name: '-p beside --network host',
		make: lab => lab.docker('run', '-d', '--name', 'plain', '--network', 'host', '-p', '8787:9001', 'busybox', 'httpd', '-f', '-p', '9001'),
		undo: remove('plain'),
		id: 'ports-discarded',
	},
	{
		name: 'its port is taken by a program of the host',
		make: async lab => {
			const program = lab.start('host', ['busybox', 'httpd', '-f', '-p', '8990']);
			await program.until(async () => (await lab.host(['ss', '-tlnH', 'sport = :8990'])).stdout.includes('8990'), 5000);
			await lab.host(['docker', 'run', '-d', '--name', 'later', '-p', '8990:80', 'busybox', 'sleep', '600'], {mayFail: true});
		},
		undo: async lab => {
			await lab.docker('rm', '-f', 'later');
			await endListener(lab, 8990);
		},
		id: 'port-taken',
		flow: ['later:80'],
		at: ['port', 'process'],
	},
	{
		name: 'the engine could not start it',
		make: async lab => {
			await lab.host(['docker', 'run', '-d', '--name', 'stillborn', '-p', '192.0.2.9:8991:80', 'busybox', 'sleep', '600'], {mayFail: true});
		},
		undo: remove('stillborn'),
		id: 'not-running',
		flow: ['stillborn:80'],
	},
	{
		name: 'two containers of one namespace want the same port',
		make: async lab => {
			await run(lab, 'first', '--stop-timeout', '1', 'busybox', 'httpd', '-f', '-p', '80');
			await lab.docker('run', '-d', '--name', 'second', '--network', 'container:first', 'busybox', 'httpd', '-f', '-p', '80');
			await until(lab, 'exited', 'inspect', '-f', '{{.State.Status}}', 'second');
		},
		undo: remove('second', 'first'),
		id: 'not-running',
	},
	{
		name: 'several services share a name',
		make: async lab => {
			const alias = ['--network', 'appnet', '--network-alias', 'api', '--stop-timeout', '1'];
			await run(lab, 'api-one', ...alias, 'busybox', 'httpd', '-f', '-p', '80');
			await run(lab, 'api-two', ...alias, 'curl', 'httpd', '-f', '-p', '80');
		},
		undo: remove('api-one', 'api-two'),
		id: 'shared-name',
	},
	{
		name: 'a container that listens on IPv4 alone, asked by IPv6 at localhost',
		make: async () => {},
		undo: async () => {},
		id: 'published-elsewhere',
		doctor: null,
		flow: ['http://[::1]:8181/'],
		at: ['port'],
	},
	{
		name: 'its own address, asked from the LAN',
		make: async () => {},
		undo: async () => {},
		id: 'not-published',
		doctor: null,
		flow: ['172.17.0.2:80', '--from', 'lan'],
		at: ['netfilter'],
		// Before 28 the engine lets such packets pass where the port is published.
		not: ['20.10'],
	},
];
