import type {Lab} from '../lab/lab.ts';
import type {FaultCase} from './fault.ts';
import {addressOf, bridgeOf, inside} from './fault.ts';

/** Faults of rules: the user's own, the engine's that are gone, two sets at once. */
export const firewallFaults: FaultCase[] = [
	{
		name: 'a DROP in DOCKER-USER',
		make: lab => lab.host(['iptables', '-I', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP']),
		undo: async lab => {
			const {stdout} = await lab.host(['iptables', '-S', 'DOCKER-USER']);
			for (const rule of stdout.split('\n').filter(line => /^-A .* -j (DROP|ACCEPT)/.test(line)))
				await lab.host(['iptables', '-D', ...rule.slice(3).split(' ')]);
		},
		id: 'dropped',
		flow: ['www:80', '--from', 'lan'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'a REJECT in INPUT, met through docker-proxy',
		make: lab => lab.host(['iptables', '-I', 'INPUT', '-i', 'lo', '-p', 'tcp', '--dport', '8080', '-j', 'REJECT']),
		undo: lab => lab.host(['iptables', '-F', 'INPUT']),
		id: 'rejected',
		flow: ['www:80'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'the policy of INPUT is DROP',
		make: lab => lab.host(['iptables', '-P', 'INPUT', 'DROP']),
		undo: async lab => {
			await lab.host(['iptables', '-P', 'INPUT', 'ACCEPT']);
			await lab.host(['iptables', '-F', 'INPUT']);
		},
		id: 'policy-drop',
		flow: ['http://host.docker.internal:9000/', '--from', 'app'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'a DROP in a table of nftables',
		make: lab =>
			lab.host([
				'nft',
				'add table inet blk; add chain inet blk between { type filter hook forward priority 5; }; add rule inet blk between tcp dport 80 drop',
			]),
		undo: lab => lab.host(['nft', 'delete', 'table', 'inet', 'blk']),
		id: 'dropped',
		flow: ['www:80', '--from', 'lan'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'a DROP in the raw table',
		make: async lab => lab.host(['iptables', '-t', 'raw', '-I', 'PREROUTING', '-i', 'eth0', '-p', 'tcp', '--dport', '8080', '-j', 'DROP']),
		undo: async lab => {
			const {stdout} = await lab.host(['iptables', '-t', 'raw', '-S', 'PREROUTING']);
			for (const rule of stdout.split('\n').filter(line => line.includes('--dport 8080')))
				await lab.host(['iptables', '-t', 'raw', '-D', ...rule.slice(3).split(' ')]);
		},
		id: 'dropped',
		flow: ['www:80', '--from', 'lan'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'a DROP inside the container',
		make: lab => inside(lab, 'web', 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP'),
		undo: lab => inside(lab, 'web', 'iptables', '-F', 'INPUT'),
		id: 'dropped',
		flow: ['web:80', '--from', 'lan'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'the answer is dropped inside the container',
		make: lab => inside(lab, 'web', 'iptables', '-A', 'OUTPUT', '-p', 'tcp', '--sport', '80', '-j', 'DROP'),
		undo: lab => inside(lab, 'web', 'iptables', '-F', 'OUTPUT'),
		id: 'dropped',
		flow: ['web:80', '--from', 'lan'],
		remedy: true,
	},
	{
		name: 'iptables-legacy drops what is forwarded',
		make: lab => lab.host(['iptables-legacy', '-P', 'FORWARD', 'DROP']),
		undo: lab => lab.host(['iptables-legacy', '-P', 'FORWARD', 'ACCEPT']),
		id: 'two-iptables',
		flow: ['www:80', '--from', 'lan'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'the filter rules of the engine were flushed',
		make: lab => changed(lab, ['iptables', '-t', 'filter', '-F']),
		undo: restore,
		id: 'engine-rules-missing',
		flow: ['www:80', '--from', 'lan'],
		at: ['netfilter'],
	},
	{
		name: 'the whole ruleset was flushed',
		make: lab => changed(lab, ['nft', 'flush', 'ruleset']),
		undo: restore,
		id: 'engine-rules-missing',
	},
	{
		name: 'the NAT rules of published ports were flushed',
		make: lab => changed(lab, ['iptables', '-t', 'nat', '-F', 'DOCKER']),
		undo: restore,
		id: 'nat-rule-missing',
		doctor: ['www:80'],
		flow: ['www:80', '--from', 'lan'],
		at: ['proxy'],
		remark: true,
		remedy: true,
	},
	{
		name: 'the masquerading rules were flushed',
		make: async lab => {
			const server = lab.start('lan', ['busybox', 'httpd', '-f', '-p', '8800', '-h', lab.folder]);
			await server.until(async () => (await lab.lan(['ss', '-tlnH', 'sport = :8800'])).stdout.includes('8800'), 5000);
			await changed(lab, ['iptables', '-t', 'nat', '-F', 'POSTROUTING']);
		},
		undo: async lab => {
			await restore(lab);
			await lab.lan(['sh', '-c', 'kill $(ss -tlnpH "sport = :8800" | grep -o "pid=[0-9]*" | cut -d= -f2)'], {mayFail: true});
		},
		id: 'not-masqueraded',
		flow: ['10.99.0.2:8800', '--from', 'app'],
		at: ['nic'],
		remark: true,
		real: ['docker', 'exec', 'app', 'curl', '-sS', '-m', '4', '-o', '/dev/null', 'http://10.99.0.2:8800/'],
		remedy: true,
	},
	{
		name: 'FORWARD alone was flushed',
		make: lab => changed(lab, ['iptables', '-F', 'FORWARD']),
		undo: restore,
		id: 'engine-rules-missing',
		flow: ['www:80', '--from', 'lan'],
		at: ['netfilter'],
		remedy: true,
		// Before 28 the rules of each bridge stand in FORWARD itself: only a restart of the engine makes them anew.
		not: ['20.10'],
	},
	{
		name: 'br_netfilter, and a DROP for frames of one bridge',
		make: async lab => {
			await lab.host(['sysctl', '-w', 'net.bridge.bridge-nf-call-iptables=1']);
			await changed(lab, [
				'sh',
				'-c',
				`iptables -I FORWARD -i ${await bridgeOf(lab, 'appnet')} -o ${await bridgeOf(lab, 'appnet')} -j DROP`,
			]);
		},
		undo: restore,
		id: 'dropped',
		flow: ['web:80', '--from', 'app'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'INPUT drops what a bridge sends to a published port',
		make: lab => lab.host(['iptables', '-I', 'INPUT', '-i', 'docker0', '-j', 'DROP']),
		undo: lab => lab.host(['iptables', '-F', 'INPUT']),
		id: 'dropped',
		doctor: null,
		flow: ['http://10.99.0.1:8080/', '--from', 'www'],
		at: ['netfilter'],
		remedy: true,
	},
	{
		name: 'the policy of FORWARD drops the answer too',
		make: lab =>
			changed(lab, ['sh', '-c', 'iptables -F FORWARD; iptables -P FORWARD DROP; iptables -A FORWARD -i docker0 -o docker0 -j ACCEPT']),
		undo: restore,
		id: 'engine-rules-missing',
		flow: ['web:80', '--from', 'lan'],
		at: ['netfilter'],
	},
	{
		name: 'a docker-proxy has outlived its container',
		make: async lab => {
			const argv = [
				'docker-proxy',
				'-proto',
				'tcp',
				'-host-ip',
				'127.0.0.1',
				'-host-port',
				'8999',
				'-container-ip',
				'172.17.0.99',
				'-container-port',
				'80',
			];
			const proxy = lab.start('host', [
				'env',
				`PATH=${lab.path}:/usr/sbin:/usr/libexec/docker`,
				'sh',
				'-c',
				'exec "$@" 3>/dev/null',
				'sh',
				...argv,
			]);
			await proxy.until(async () => (await lab.host(['ss', '-tln', 'sport = :8999'])).stdout.includes('8999'), 5000);
		},
		undo: async lab => {
			const {stdout} = await lab.host(['ss', '-tlnpH', 'sport = :8999']);
			const pid = /pid=(\d+)/.exec(stdout)?.[1];
			if (pid) await lab.host(['kill', pid]);
		},
		id: 'stale-proxy',
		remedy: true,
	},
];

/** Rules by lab, as they were before they were flushed. */
const saved = new Map<string, string>();

async function changed(lab: Lab, argv: string[]): Promise<void> {
	const dumps = await Promise.all([lab.host(['iptables-save']), lab.host(['ip6tables-save'])]);
	saved.set(lab.name, dumps.map(({stdout}) => stdout).join('\0'));
	await lab.host(argv);
}

async function restore(lab: Lab): Promise<void> {
	const [v4 = '', v6 = ''] = saved.get(lab.name)?.split('\0') ?? [];
	await lab.host(['iptables-restore'], {stdin: v4});
	await lab.host(['ip6tables-restore'], {stdin: v6});
	// The host asks the container once, so that what a flush forgot is learned again.
	await lab.host(['ping', '-c', '1', '-W', '1', await addressOf(lab, 'www')], {mayFail: true});
}
