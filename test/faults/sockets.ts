import type {Lab} from '../lab/lab.ts';
import {endListener, type FaultCase, remove, run, until} from './fault.ts';

/** Faults of sockets and of what is spoken on them. */
export const socketFaults: FaultCase[] = [
	{
		name: 'a program does not accept, and its queue is full',
		make: async lab => {
			await run(lab, 'full', '-p', '8700:80', 'tiny', '/tiny', 'serve', '--noaccept', '0.0.0.0:80');
			const url = `http://${lab.address.host}:8700/`;
			await Promise.all([1, 2, 3].map(() => lab.lan(['curl', '-sS', '-m', '1', url], {mayFail: true})));
		},
		undo: remove('full'),
		id: 'backlog-full',
		flow: ['full:80', '--from', 'lan'],
		at: ['port'],
	},
	{
		name: 'no source port is left',
		make: async lab => {
			await lab.host(['sysctl', '-w', 'net.ipv4.ip_local_port_range=40000 40001']);
			for (const seconds of [600, 601]) lab.start('host', ['sh', '-c', `sleep ${seconds} | busybox nc ${lab.address.host} 8080`]);
			await waiting(lab, 2, ['ss', '-tnH', 'state', 'established', 'dport', '=', ':8080']);
		},
		undo: async lab => {
			await lab.host(['sysctl', '-w', 'net.ipv4.ip_local_port_range=32768 60999']);
			await lab.host(['sh', '-c', 'kill $(ss -tnpH dport = :8080 | grep -o "pid=[0-9]*" | cut -d= -f2 | sort -u)']);
		},
		id: 'source-ports-used-up',
		doctor: ['10.99.0.1:8080', '--probe'],
		flow: ['10.99.0.1:8080'],
		at: ['client'],
		untold: true,
	},
	{
		name: 'it speaks TLS, and is asked in plain text',
		make: async lab => {
			const openssl = 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=lab -keyout /tmp/k -out /tmp/c';
			const serve = 'exec openssl s_server -accept 443 -key /tmp/k -cert /tmp/c -www';
			const host = ['-v', '/:/host:ro', '--mount', 'type=tmpfs,target=/host/tmp'];
			await run(lab, 'secret', '-p', '8443:443', ...host, 'busybox', 'chroot', '/host', 'sh', '-c', `${openssl} && ${serve}`);
			await waiting(lab, 1, ['nsenter', '-t', await lab.docker('inspect', '-f', '{{.State.Pid}}', 'secret'), '-n', 'ss', '-tlnH']);
		},
		undo: remove('secret'),
		id: 'tls-not-plain',
		doctor: ['secret', '--probe', '--timeout', '2'],
	},
	{
		name: 'it speaks plain text, and is asked in TLS',
		make: async () => {},
		undo: async () => {},
		id: 'plain-not-tls',
		doctor: ['https://127.0.0.1:8080/', '--probe', '--timeout', '2'],
	},
	{
		name: 'docker-proxy is gone, and another program has taken its port',
		make: async lab => {
			await endListener(lab, 8181);
			const program = lab.start('host', ['busybox', 'httpd', '-f', '-p', '127.0.0.1:8181']);
			await program.until(async () => (await lab.host(['ss', '-tlnpH', 'sport = :8181'])).stdout.includes('busybox'), 5000);
		},
		undo: async lab => {
			await endListener(lab, 8181);
			await lab.docker('restart', '-t', '0', 'tiny');
		},
		id: 'answered-by-another',
		flow: ['tiny:80'],
		at: ['process'],
	},
	{
		name: "a container of the host's network has taken the port of another",
		make: async lab => {
			await endListener(lab, 8181);
			await run(lab, 'thief', '--network', 'host', '--stop-timeout', '1', 'busybox', 'httpd', '-f', '-p', '8181');
			await waiting(lab, 1, ['ss', '-tlnH', 'sport = :8181']);
		},
		undo: async lab => {
			await remove('thief')(lab);
			await lab.docker('restart', '-t', '0', 'tiny');
			await until(lab, 'true', 'inspect', '-f', '{{.State.Running}}', 'tiny');
		},
		id: 'answered-by-another',
		flow: ['tiny:80'],
		at: ['process'],
		remedy: true,
	},
];

/** Waits for at most ten seconds until that prints so many lines. */
async function waiting(lab: Lab, lines: number, argv: string[]): Promise<void> {
	for (let tries = 0; tries < 100; tries++) {
		const {stdout} = await lab.host(argv);
		if (stdout.split('\n').filter(Boolean).length >= lines) return;
		await new Promise(resolve => setTimeout(resolve, 100));
	}
	throw new Error(`${argv.join(' ')} did not come to print ${lines} lines`);
}
