import {describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {type FlowDocument, flow, lanReaches, probe, stop} from './flow-checks.ts';

/** A request that is broken on purpose: how, what it must say, and what really happens. */
interface Fault {
	name: string;
	ask: string[];
	/** Makes the fault; before it the request is delivered (unless `always`), after `mend` again. */
	make?: (lab: Lab) => Promise<unknown>;
	mend?: (lab: Lab) => Promise<unknown>;
	stops: string | RegExp;
	/** The URL that a client on the LAN asks for; absent: dockhop's own probe asks. */
	lan?: string;
}

const faults: Fault[] = [
	{
		name: 'nothing listens any more',
		ask: ['mute:80', '--from', 'lan'],
		make: lab => lab.docker('exec', 'mute', 'sh', '-c', 'kill $(pidof httpd)'),
		mend: lab => lab.docker('exec', '-d', 'mute', 'httpd', '-f', '-p', '80', '-h', '/www'),
		stops: 'port nothing-listens',
		lan: ':8383/',
	},
	{name: 'nothing listens on that port', ask: ['other:81'], stops: 'port nothing-listens'},
	{name: 'the process has bound 127.0.0.1 alone', ask: ['shy:80'], stops: 'port listens-on-loopback'},
	{name: 'published on 127.0.0.1, asked from the LAN', ask: ['tiny', '--from', 'lan'], stops: 'port published-elsewhere', lan: ':8181/'},
	{name: 'containers on different networks, by name', ask: ['other:80', '--from', 'app'], stops: 'dns name-not-found'},
	{name: 'a name on the default bridge', ask: ['www:80', '--from', 'tiny'], stops: 'dns name-not-found'},
	{
		name: 'host.docker.internal without --add-host',
		ask: ['http://host.docker.internal:8080/', '--from', 'web'],
		stops: 'dns name-not-found',
	},
	{
		name: 'a DROP in DOCKER-USER',
		ask: ['www:80', '--from', 'lan'],
		make: lab => lab.host(['iptables', '-I', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP']),
		mend: lab => lab.host(['iptables', '-D', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP']),
		stops: 'netfilter dropped',
		lan: ':8080/',
	},
	{
		name: 'a REJECT in INPUT, met through docker-proxy',
		ask: ['www:80'],
		make: lab => lab.host(['iptables', '-I', 'INPUT', '-i', 'lo', '-p', 'tcp', '--dport', '8080', '-j', 'REJECT']),
		mend: lab => lab.host(['iptables', '-D', 'INPUT', '-i', 'lo', '-p', 'tcp', '--dport', '8080', '-j', 'REJECT']),
		stops: 'netfilter rejected',
	},
	{
		name: 'ip_forward=0',
		ask: ['www:80', '--from', 'lan'],
		make: lab => lab.host(['sysctl', '-w', 'net.ipv4.ip_forward=0']),
		mend: lab => lab.host(['sysctl', '-w', 'net.ipv4.ip_forward=1']),
		stops: 'route forwarding-off',
		lan: ':8080/',
	},
	{
		name: 'container stopped',
		ask: ['www:80', '--from', 'lan'],
		make: lab => lab.docker('stop', '-t', '0', 'www'),
		mend: lab => lab.docker('start', 'www'),
		stops: 'port not-running',
		lan: ':8080/',
	},
	{
		name: 'container paused',
		ask: ['web:80', '--from', 'app'],
		make: lab => lab.docker('pause', 'web'),
		mend: lab => lab.docker('unpause', 'web'),
		stops: 'process paused',
	},
	{
		name: 'veth down',
		ask: ['web:80', '--from', 'app'],
		make: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'down']),
		mend: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'up']),
		stops: 'veth link-down',
	},
	{
		name: 'veth taken out of its bridge',
		ask: ['web:80', '--from', 'app'],
		make: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'nomaster']),
		mend: async lab => lab.host(['ip', 'link', 'set', await vethOf(lab, 'web'), 'master', await bridgeOf(lab, 'appnet')]),
		stops: 'veth not-in-bridge',
	},
	{
		name: 'a firewall in the container',
		ask: ['web:80', '--from', 'app'],
		make: async lab =>
			lab.host(['nsenter', '-t', await pidOf(lab, 'web'), '-n', 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'DROP']),
		mend: async lab => lab.host(['nsenter', '-t', await pidOf(lab, 'web'), '-n', 'iptables', '-F', 'INPUT']),
		stops: 'netfilter dropped',
	},
	{
		name: 'the answer is dropped',
		ask: ['web:80', '--from', 'app'],
		make: async lab =>
			lab.host(['nsenter', '-t', await pidOf(lab, 'web'), '-n', 'iptables', '-A', 'OUTPUT', '-p', 'tcp', '--sport', '80', '-j', 'DROP']),
		mend: async lab => lab.host(['nsenter', '-t', await pidOf(lab, 'web'), '-n', 'iptables', '-F', 'OUTPUT']),
		stops: /^(process|port) /,
	},
	{
		name: 'established packets are dropped',
		ask: ['web:80', '--from', 'app'],
		make: async lab =>
			lab.host(['nsenter', '-t', await pidOf(lab, 'web'), '-n', 'iptables', '-A', 'INPUT', '-p', 'tcp', '!', '--syn', '-j', 'DROP']),
		mend: async lab => lab.host(['nsenter', '-t', await pidOf(lab, 'web'), '-n', 'iptables', '-F', 'INPUT']),
		stops: /dropped/,
	},
	{
		name: 'a route leads elsewhere',
		ask: ['other:80'],
		make: async lab => lab.host(['ip', 'route', 'add', `${await addressOf(lab, 'other')}/32`, 'via', lab.address.lan]),
		mend: async lab => lab.host(['ip', 'route', 'del', `${await addressOf(lab, 'other')}/32`, 'via', lab.address.lan]),
		stops: 'route misrouted',
	},
	{
		name: 'a blackhole route',
		ask: ['other:80'],
		make: async lab => lab.host(['ip', 'route', 'add', 'blackhole', `${await addressOf(lab, 'other')}/32`]),
		mend: async lab => lab.host(['ip', 'route', 'del', 'blackhole', `${await addressOf(lab, 'other')}/32`]),
		stops: 'route route-refuses',
	},
	{
		name: 'a wrong permanent neighbour entry',
		ask: ['other:80'],
		make: async lab =>
			lab.host([
				'ip',
				'neigh',
				'replace',
				await addressOf(lab, 'other'),
				'lladdr',
				'02:00:00:00:00:99',
				'nud',
				'permanent',
				'dev',
				await bridgeOf(lab, 'othernet'),
			]),
		mend: async lab => lab.host(['ip', 'neigh', 'del', await addressOf(lab, 'other'), 'dev', await bridgeOf(lab, 'othernet')]),
		stops: 'neighbour wrong-neighbour',
	},
	{
		name: 'strict rp_filter and a route back that leads elsewhere',
		ask: ['www:80', '--from', 'lan'],
		make: async lab => {
			await lab.host(['sysctl', '-w', 'net.ipv4.conf.all.rp_filter=1']);
			await lab.host(['ip', 'route', 'add', `${lab.address.lan}/32`, 'dev', await bridgeOf(lab, 'othernet')]);
		},
		mend: async lab => {
			await lab.host(['ip', 'route', 'del', `${lab.address.lan}/32`]);
			await lab.host(['sysctl', '-w', 'net.ipv4.conf.all.rp_filter=0']);
		},
		stops: 'route rp-filter',
		lan: ':8080/',
	},
];

describe.each(engines)('broken on purpose on engine %s', engine => {
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		await started.docker('run', '-d', '--name', 'shy', '-p', '8282:80', 'tiny', '/tiny', 'serve', '127.0.0.1:80');
		await started.docker('run', '-d', '--name', 'mute', '-p', '8383:80', 'busybox', 'sleep', '3600');
		await started.docker('exec', '-d', 'mute', 'httpd', '-f', '-p', '80', '-h', '/www');
	});

	it.each(faults)('$name', async fault => {
		const before = fault.make ? await flow(lab(), ...fault.ask) : null;
		// The positive control: without the fault the request is delivered.
		if (before) expect(before.verdict, 'before the fault').toBe('delivered');
		await fault.make?.(lab());
		try {
			const broken = await flow(lab(), ...fault.ask);
			expect(broken.verdict, why(broken)).toBe('blocked');
			expect(stop(broken), why(broken)).toMatch(typeof fault.stops === 'string' ? new RegExp(`^${fault.stops}$`) : fault.stops);
			if (fault.lan) expect(await lanReaches(lab(), `http://${lab().address.host}${fault.lan}`)).toBe(false);
			else expect((await probe(lab(), ...fault.ask)).probe).toMatchObject({reached: false, agreement: true});
		} finally {
			await fault.mend?.(lab());
		}
		if (before) expect((await flow(lab(), ...fault.ask)).verdict, 'after it was mended').toBe('delivered');
	});

	it('past the first block, what else would stop the request is told', async () => {
		await lab().host(['iptables', '-I', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP']);
		try {
			const broken = await flow(lab(), 'shy:80', '--from', 'lan');
			expect(stop(broken)).toBe('netfilter dropped');
			expect(broken.hops.filter(hop => hop.verdict === 'blocks').map(hop => hop.cause)).toEqual(['dropped', 'listens-on-loopback']);
			expect(broken.hops.some(hop => hop.verdict === 'notReached')).toBe(true);
		} finally {
			await lab().host(['iptables', '-D', 'DOCKER-USER', '-i', 'eth0', '-j', 'DROP']);
		}
	});
});

function why(document: FlowDocument): string {
	return document.hops.map((hop, index) => `${index + 1} ${hop.kind} ${hop.name} ${hop.verdict} ${hop.cause ?? ''} ${hop.says}`).join('\n');
}

async function pidOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{.State.Pid}}', name);
}

async function addressOf(lab: Lab, name: string): Promise<string> {
	return lab.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);
}

async function bridgeOf(lab: Lab, network: string): Promise<string> {
	return `br-${(await lab.docker('network', 'inspect', '-f', '{{.Id}}', network)).slice(0, 12)}`;
}

/** The host's end of a container's eth0. */
async function vethOf(lab: Lab, name: string): Promise<string> {
	const inside = await lab.host(['nsenter', '-t', await pidOf(lab, name), '-n', 'ip', '-j', 'link', 'show', 'eth0']);
	const [{link_index: index}] = JSON.parse(inside.stdout);
	const links: {ifindex: number; ifname: string}[] = JSON.parse((await lab.host(['ip', '-j', 'link'])).stdout);
	return links.find(link => link.ifindex === index)?.ifname ?? '';
}
