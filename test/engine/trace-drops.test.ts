import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {writeXdpObject} from '../lab/bpf-object.ts';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {stop} from './flow-checks.ts';
import {type TraceDocument, told, trace, traceLan} from './trace-lab.ts';

/** What a drop is made from. */
interface Parts {
	lab: Lab;
	/** The host's ends of eth0, and what stands in front of a command in the container. */
	veth: Record<Name, string>;
	inside: Record<Name, string[]>;
	address: Record<Name, string>;
	mac: Record<Name, string>;
	/** Files: an XDP program that drops all, and what is too large for one packet. */
	xdp: string;
	body: string;
}

type Name = 'www' | 'web' | 'app';

/** A place where packets die without a rule of a firewall. */
interface Drop {
	name: string;
	ask: string[];
	make: (parts: Parts) => string[][];
	mend: (parts: Parts) => string[][];
	/** Kind and cause of the hop where the request (or on the way back the answer) stops. */
	stops: string;
	lost?: 'answer' | 'later';
	/** true: the walk names it; false: it cannot know; null: it knows that it cannot tell. */
	agreement: boolean | null;
	says: RegExp;
	/** What a client on the LAN does; absent: dockhop asks. */
	lan?: (parts: Parts) => string[];
	/** The kernel may lack it. */
	mayLack?: true;
}

/** A program of classic BPF for tc that drops what it sees (TC_ACT_SHOT is 2, linux/pkt_cls.h); ARP passes. */
const dropBy = (way: string, dev: string) => [
	['tc', 'qdisc', 'add', 'dev', dev, 'clsact'],
	['tc', 'filter', 'add', 'dev', dev, way, 'protocol', 'ip', 'bpf', 'direct-action', 'bytecode', '1,6 0 0 2,'],
];
const letBy = (dev: string) => [['tc', 'qdisc', 'del', 'dev', dev, 'clsact']];
const wrongMac = ['lladdr', '02:00:00:00:00:99', 'nud', 'permanent'];

const drops: Drop[] = [
	{
		name: 'netem that loses all, on the veth',
		ask: ['www:80'],
		make: ({veth}) => [['tc', 'qdisc', 'add', 'dev', veth.www, 'root', 'netem', 'loss', '100%']],
		mend: ({veth}) => [['tc', 'qdisc', 'del', 'dev', veth.www, 'root']],
		stops: 'veth vanished',
		agreement: false,
		says: /^vanished between bridge docker0 and veth\S+ \(veth\S+: dropped by qdisc netem \S+: \+\d+\)$/,
		mayLack: true,
	},
	{
		name: 'a program of tc where packets leave by the veth',
		ask: ['www:80'],
		make: ({veth}) => dropBy('egress', veth.www),
		mend: ({veth}) => letBy(veth.www),
		stops: 'veth vanished',
		agreement: false,
		says: /^vanished between bridge docker0 and veth\S+ \(veth\S+: dropped by qdisc clsact ffff: \+\d+\)$/,
	},
	{
		name: "a program of tc where the caller's packets come in",
		ask: ['web:80', '--from', 'app'],
		make: ({veth}) => dropBy('ingress', veth.app),
		mend: ({veth}) => letBy(veth.app),
		stops: 'veth vanished',
		agreement: false,
		says: /^vanished between veth\S+ and veth\S+ \(veth\S+: dropped by qdisc clsact ffff: \+\d+\)$/,
	},
	{
		name: "a program of tc where the container's answers come in, behind docker-proxy",
		ask: ['www:80'],
		make: ({veth}) => dropBy('ingress', veth.www),
		mend: ({veth}) => letBy(veth.www),
		stops: 'bridge vanished',
		lost: 'answer',
		agreement: false,
		says: /^vanished between veth\S+ and bridge docker0 \(veth\S+: dropped by qdisc clsact ffff: \+\d+\)$/,
	},
	{
		name: "an XDP program on the container's interface",
		ask: ['www:80'],
		make: ({inside, xdp}) => [[...inside.www, 'ip', 'link', 'set', 'dev', 'eth0', 'xdpgeneric', 'obj', xdp, 'sec', 'xdp']],
		mend: ({inside}) => [[...inside.www, 'ip', 'link', 'set', 'dev', 'eth0', 'xdpgeneric', 'off']],
		stops: 'interface vanished',
		agreement: null,
		says: /^vanished between \S+(?: docker0)? and interface eth0 \(an XDP program on eth0 may drop/,
	},
	{
		name: "an XDP program on the host's end of the veth",
		ask: ['10.99.0.1:8080'],
		// It would drop the answer to ARP as well: the host is told the address.
		make: ({veth, xdp, address, mac}) => [
			['ip', 'neigh', 'replace', address.www, 'dev', 'docker0', 'lladdr', mac.www, 'nud', 'permanent'],
			['ip', 'link', 'set', 'dev', veth.www, 'xdpgeneric', 'obj', xdp, 'sec', 'xdp'],
		],
		mend: ({veth, address}) => [
			['ip', 'link', 'set', 'dev', veth.www, 'xdpgeneric', 'off'],
			['ip', 'neigh', 'del', address.www, 'dev', 'docker0'],
		],
		stops: 'veth vanished',
		lost: 'answer',
		agreement: null,
		says: /^vanished between interface eth0 and veth\S+ \(an XDP program on veth\S+ may drop/,
	},
	{
		name: 'two isolated ports',
		ask: ['web:80', '--from', 'app'],
		make: ({veth}) => [veth.web, veth.app].map(dev => ['bridge', 'link', 'set', 'dev', dev, 'isolated', 'on']),
		mend: ({veth}) => [veth.web, veth.app].map(dev => ['bridge', 'link', 'set', 'dev', dev, 'isolated', 'off']),
		stops: 'bridge port-not-forwarding',
		agreement: true,
		says: /isolated from each other/,
	},
	{
		name: 'a port that neither learns nor takes what is unknown',
		ask: ['web:80', '--from', 'app'],
		make: ({veth, mac}) => [
			// So that there is an entry to take away.
			['bridge', 'fdb', 'replace', mac.web, 'dev', veth.web, 'master', 'dynamic'],
			['bridge', 'link', 'set', 'dev', veth.web, 'learning', 'off', 'flood', 'off'],
			['bridge', 'fdb', 'del', mac.web, 'dev', veth.web, 'master'],
		],
		mend: ({veth}) => [['bridge', 'link', 'set', 'dev', veth.web, 'learning', 'on', 'flood', 'on']],
		stops: 'bridge port-not-forwarding',
		agreement: true,
		says: /takes no frames for unknown addresses/,
	},
	{
		name: "a permanent wrong hardware address in the host's table",
		ask: ['10.99.0.1:8080'],
		make: ({address}) => [['ip', 'neigh', 'replace', address.www, 'dev', 'docker0', ...wrongMac]],
		mend: ({address}) => [['ip', 'neigh', 'del', address.www, 'dev', 'docker0']],
		stops: 'neighbour wrong-neighbour',
		agreement: true,
		says: /^the permanent entry for \S+ is 02:00:00:00:00:99/,
	},
	{
		name: "a permanent wrong hardware address in the target's table",
		ask: ['web:80', '--from', 'app'],
		make: ({address, inside}) => [[...inside.web, 'ip', 'neigh', 'replace', address.app, 'dev', 'eth0', ...wrongMac]],
		mend: ({address, inside}) => [[...inside.web, 'ip', 'neigh', 'del', address.app, 'dev', 'eth0']],
		stops: 'neighbour wrong-neighbour',
		lost: 'answer',
		agreement: true,
		says: /^the permanent entry for \S+ is 02:00:00:00:00:99/,
	},
	{
		name: 'a bridge whose MTU is too small for a large body, and nobody says so',
		ask: ['www:80', '--from', 'lan'],
		make: () => [
			['ip', 'link', 'set', 'docker0', 'mtu', '900'],
			['iptables', '-I', 'OUTPUT', '-p', 'icmp', '-j', 'DROP'],
		],
		mend: () => [
			['ip', 'link', 'set', 'docker0', 'mtu', '1500'],
			['iptables', '-D', 'OUTPUT', '-p', 'icmp', '-j', 'DROP'],
		],
		stops: 'bridge vanished',
		lost: 'later',
		agreement: false,
		says: /^packets that follow, of \d+ bytes: vanished between nic eth0 and bridge docker0 \(.*Ip FragFails \+\d+.*smaller ones came through: compare the MTU of eth0 and docker0\)$/,
		lan: ({body}) => ['curl', '-sS', '--max-time', '2', '-o', '/dev/null', '--data-binary', `@${body}`, 'http://10.99.0.1:8080/'],
	},
];

describe.each(engines)('packets that die without a rule, on engine %s', engine => {
	let parts: Parts;
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		parts = await partsOf(started);
	});

	it.for(drops)('$name', async ({ask, make, mend, stops, lost, agreement, says, lan, mayLack}, context) => {
		try {
			for (const argv of make(parts)) {
				const made = await lab().host(argv, {mayFail: mayLack === true});
				if (made.code !== 0) return context.skip(`this kernel cannot: ${made.stderr.trim()}`);
			}
			const document = lan ? await traceLan(lab(), ask, lan(parts)) : await trace(lab(), ...ask);
			expect(document, told(document)).toMatchObject({verdict: 'blocked', lost: lost ?? 'request', agreement});
			expect(lost === 'answer' ? stopOfReply(document) : stop(document), told(document)).toBe(stops);
			expect(document.observation, told(document)).toMatch(says);
		} finally {
			for (const argv of mend(parts)) await lab().host(argv, {mayFail: true});
		}
		// What was made is gone: the next one fails for its own reason alone.
		if (!lan) expect((await trace(lab(), ...ask)).verdict).toBe('delivered');
	});
});

function stopOfReply({reply}: TraceDocument): string {
	const hop = reply?.hops[reply.blockedAt ?? 0];
	return `${hop?.kind} ${hop?.cause}`;
}

async function partsOf(lab: Lab): Promise<Parts> {
	const xdp = join(lab.folder, 'drop.o');
	const body = join(lab.folder, 'body');
	await Promise.all([writeXdpObject(xdp, 1), writeFile(body, 'x'.repeat(20_000))]);
	const links: {ifindex: number; ifname: string}[] = JSON.parse((await lab.host(['ip', '-j', 'link'])).stdout);
	const each = await Promise.all(
		(['www', 'web', 'app'] as const).map(async name => {
			const form = '{{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
			const [pid = '', address = ''] = (await lab.docker('inspect', '-f', form, name)).split(' ');
			const inside = ['nsenter', '-t', pid, '-n'];
			const [{link_index: index, address: mac}] = JSON.parse((await lab.host([...inside, 'ip', '-j', 'link', 'show', 'eth0'])).stdout);
			return {name, address, mac, inside, veth: links.find(link => link.ifindex === index)?.ifname ?? ''};
		}),
	);
	const by = <T>(pick: (one: (typeof each)[number]) => T) => Object.fromEntries(each.map(one => [one.name, pick(one)])) as Record<Name, T>;
	return {
		lab,
		xdp,
		body,
		veth: by(one => one.veth),
		inside: by(one => one.inside),
		address: by(one => one.address),
		mac: by(one => one.mac),
	};
}
