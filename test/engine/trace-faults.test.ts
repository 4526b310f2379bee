import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {stop} from './flow-checks.ts';
import {curl, told, trace, traceLan} from './trace-lab.ts';

/** A fault: how it is made (as commands on the host), and where the trace has to find it. */
interface Fault {
	name: string;
	ask: string[];
	/** Commands that make it; each undoes with the one in `mend`. */
	make: (lab: Lab) => Promise<string[][]>;
	mend: (lab: Lab) => Promise<string[][]>;
	stops: string;
	lost?: string;
	/** The URL that a client on the LAN asks for; absent: dockhop asks. */
	lan?: string;
	agreement?: boolean;
	/** A rule that the hop where it stops has to name as seen. */
	rule?: object;
}

const inside = async (lab: Lab, name: string, ...argv: string[]) => ['nsenter', '-t', await pidOf(lab, name), '-n', ...argv];
const rule = (table: string, ...words: string[]) => ({
	make: async () => [['iptables', '-t', table, '-I', ...words]],
	mend: async () => [['iptables', '-t', table, '-D', ...words]],
});
const ruleIn = (name: string, ...words: string[]) => ({
	make: async (lab: Lab) => [await inside(lab, name, 'iptables', '-I', ...words)],
	mend: async (lab: Lab) => [await inside(lab, name, 'iptables', '-D', ...words)],
});

const faults: Fault[] = [
	{name: 'nothing listens', ask: ['www:81'], make: async () => [], mend: async () => [], stops: 'port nothing-listens'},
	{name: 'nothing listens behind docker-proxy', ask: [':8787'], make: async () => [], mend: async () => [], stops: 'port nothing-listens'},
	{
		name: 'a frozen process',
		ask: ['web:80', '--from', 'app'],
		make: async () => [['docker', 'pause', 'web']],
		mend: async () => [['docker', 'unpause', 'web']],
		stops: 'process paused',
	},
	{
		name: 'a firewall in the container',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('web', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP'),
		stops: 'netfilter dropped',
	},
	{
		name: 'a firewall in the caller',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('app', 'OUTPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP'),
		stops: 'netfilter dropped',
	},
	{
		name: 'veth down',
		ask: ['10.99.0.1:8081'],
		make: async lab => [['ip', 'link', 'set', await vethOf(lab, 'web'), 'down']],
		mend: async lab => [['ip', 'link', 'set', await vethOf(lab, 'web'), 'up']],
		stops: 'veth link-down',
	},
	{
		name: 'a drop in FORWARD',
		ask: ['www:80'],
		lan: 'http://10.99.0.1:8080/',
		...rule('filter', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP'),
		stops: 'netfilter dropped',
	},
	{
		name: 'a drop in raw PREROUTING',
		ask: ['www:80'],
		lan: 'http://10.99.0.1:8080/',
		...rule('raw', 'PREROUTING', '-i', 'eth0', '-p', 'tcp', '-j', 'DROP'),
		stops: 'netfilter dropped',
	},
	{
		name: 'a drop by iptables-legacy, told by its counter',
		ask: ['www:80'],
		lan: 'http://10.99.0.1:8080/',
		make: async () => [['iptables-legacy', '-I', 'FORWARD', '-i', 'eth0', '-p', 'tcp', '--dport', '80', '-j', 'DROP']],
		mend: async () => [['iptables-legacy', '-D', 'FORWARD', '-i', 'eth0', '-p', 'tcp', '--dport', '80', '-j', 'DROP']],
		stops: 'netfilter dropped',
		rule: {table: 'filter', chain: 'FORWARD', rule: 1, verdict: 'drop', explained: true},
	},
	{
		name: 'a reject on the way to docker-proxy',
		ask: ['www:80'],
		...rule('filter', 'INPUT', '-i', 'lo', '-p', 'tcp', '--dport', '8080', '-j', 'REJECT'),
		stops: 'netfilter rejected',
	},
	{
		name: 'a reset by a rule of the container',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('web', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'REJECT', '--reject-with', 'tcp-reset'),
		stops: 'netfilter rejected',
	},
	{
		name: 'a route that refuses',
		ask: ['other:80'],
		make: async lab => [['ip', 'route', 'add', 'blackhole', `${await addressOf(lab, 'other')}/32`]],
		mend: async lab => [['ip', 'route', 'del', 'blackhole', `${await addressOf(lab, 'other')}/32`]],
		stops: 'route route-refuses',
	},
	{
		name: 'a route that leads elsewhere',
		ask: ['other:80'],
		make: async lab => [['ip', 'route', 'add', `${await addressOf(lab, 'other')}/32`, 'via', lab.address.lan]],
		mend: async lab => [['ip', 'route', 'del', `${await addressOf(lab, 'other')}/32`, 'via', lab.address.lan]],
		stops: 'route misrouted',
	},
	{
		name: 'the answer is dropped',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('web', 'OUTPUT', '-p', 'tcp', '--sport', '80', '-j', 'DROP'),
		stops: 'process null',
		lost: 'answer',
	},
	{
		name: 'the answer is dropped on the host',
		ask: ['www:80'],
		lan: 'http://10.99.0.1:8080/',
		...rule('filter', 'DOCKER-USER', '-o', 'eth0', '-j', 'DROP'),
		stops: 'netfilter null',
		lost: 'answer',
	},
	{
		name: 'no route back',
		ask: ['www:80'],
		lan: 'http://10.99.0.1:8080/',
		make: async lab => [await inside(lab, 'www', 'ip', 'route', 'del', 'default')],
		mend: async lab => [await inside(lab, 'www', 'ip', 'route', 'add', 'default', 'via', '172.17.0.1')],
		stops: 'process null',
		lost: 'answer',
	},
	{
		name: 'packets that follow are dropped',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('web', 'INPUT', '-p', 'tcp', '!', '--syn', '-j', 'DROP'),
		stops: 'netfilter dropped',
		lost: 'later',
	},
	{
		name: 'the data that follows is dropped, what carries none is not',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('web', 'INPUT', '-p', 'tcp', '--tcp-flags', 'PSH', 'PSH', '-j', 'DROP'),
		stops: 'netfilter dropped',
		lost: 'later',
	},
	{
		name: 'the data that follows is dropped before docker-proxy, whose own connection stands',
		ask: ['10.99.0.1:8181', '--from', 'app'],
		make: async lab => [
			['docker', 'rm', '-f', 'tiny'],
			['docker', 'run', '-d', '--name', 'tiny', '-p', '8181:80', 'tiny', '/tiny', 'serve', '0.0.0.0:80'],
			['iptables', '-t', 'nat', '-I', 'PREROUTING', '-p', 'tcp', '--dport', '8181', '-j', 'ACCEPT'],
			['iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '8181', '--tcp-flags', 'PSH', 'PSH', '-j', 'DROP'],
			await inside(lab, 'app', 'ip', 'neigh', 'flush', 'all'),
		],
		mend: async () => [
			['iptables', '-t', 'nat', '-D', 'PREROUTING', '-p', 'tcp', '--dport', '8181', '-j', 'ACCEPT'],
			['iptables', '-D', 'INPUT', '-p', 'tcp', '--dport', '8181', '--tcp-flags', 'PSH', 'PSH', '-j', 'DROP'],
		],
		stops: 'netfilter dropped',
		lost: 'later',
	},
	{
		name: 'the data of the answer is dropped',
		ask: ['web:80', '--from', 'app'],
		...ruleIn('web', 'OUTPUT', '-p', 'tcp', '--tcp-flags', 'PSH', 'PSH', '-j', 'DROP'),
		stops: 'process null',
		lost: 'answer',
	},
	{
		name: 'a queueing discipline that swallows packets, which no walk can know',
		ask: ['www:80'],
		make: async lab => [
			['tc', 'qdisc', 'add', 'dev', await vethOf(lab, 'www'), 'root', 'tbf', 'rate', '1kbit', 'burst', '20b', 'limit', '20b'],
		],
		mend: async lab => [['tc', 'qdisc', 'del', 'dev', await vethOf(lab, 'www'), 'root']],
		stops: 'veth vanished',
		agreement: false,
	},
];

describe.each(engines)('traces of broken requests on engine %s', engine => {
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		await started.docker('run', '-d', '--name', 'shut', '-p', '8787:80', 'busybox', 'sleep', '3600');
	});

	it.each(faults)('$name', async fault => {
		for (const argv of await fault.make(lab())) await lab().host(argv);
		try {
			const document = fault.lan ? await traceLan(lab(), fault.ask, curl(fault.lan)) : await trace(lab(), ...fault.ask);
			expect(document.verdict, told(document)).toBe('blocked');
			expect(stop(document), told(document)).toBe(fault.stops);
			expect(document, told(document)).toMatchObject({lost: fault.lost ?? 'request', agreement: fault.agreement ?? true});
			if (fault.rule) expect(document.hops[document.blockedAt ?? 0]?.observed.rules).toContainEqual(expect.objectContaining(fault.rule));
			if (fault.agreement === false)
				expect(document.observation).toMatch(/^vanished between bridge docker0 and veth\S+ \(veth\S+: dropped by qdisc tbf \S+: \+\d+\)$/);
		} finally {
			for (const argv of await fault.mend(lab())) await lab().host(argv);
		}
	});
});

async function pidOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{.State.Pid}}', name);
}

async function addressOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);
}

/** The host's end of a container's eth0. */
async function vethOf(lab: Lab, name: string): Promise<string> {
	const own = await lab.host(['nsenter', '-t', await pidOf(lab, name), '-n', 'ip', '-j', 'link', 'show', 'eth0']);
	const [{link_index: index}] = JSON.parse(own.stdout);
	const links: {ifindex: number; ifname: string}[] = JSON.parse((await lab.host(['ip', '-j', 'link'])).stdout);
	return links.find(link => link.ifindex === index)?.ifname ?? '';
}
