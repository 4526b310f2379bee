import {beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import {type Flow, told, walkAndSend} from './walk-and-send.ts';

/** What is needed of a scene to break it below IP. */
interface Place {
	/** Argument vectors that run in the containers' namespaces. */
	web: (...argv: string[]) => string[];
	app: (...argv: string[]) => string[];
	/** The containers' ports, and their bridge. */
	webPort: string;
	appPort: string;
	bridge: string;
	address: string;
}

interface Fault {
	name: string;
	make: (place: Place) => string[][];
	mend: (place: Place) => string[][];
	flow: (place: Place) => Flow;
	/** What stops it; null: nothing does, and it is answered. */
	says: RegExp | null;
}

const flags = (port: 'webPort' | 'appPort', ...words: string[]) => ({
	make: (place: Place) => [
		['bridge', 'link', 'set', 'dev', place[port], ...words.flatMap(word => [word, word === 'locked' ? 'on' : 'off'])],
	],
	mend: (place: Place) => [
		['bridge', 'link', 'set', 'dev', place[port], ...words.flatMap(word => [word, word === 'locked' ? 'off' : 'on'])],
	],
});
const sysctl = (where: 'web' | 'app' | 'host', name: string) => {
	const set = (value: string) => (place: Place) => {
		const argv = ['sysctl', '-qw', `${name}=${value}`];
		return [where === 'host' ? argv : place[where](...argv)];
	};
	return {make: set(name.endsWith('arp_ignore') ? '8' : '1'), mend: set('0')};
};
const fromApp = ({address}: Place) => ({origin: 'app', target: `${address}:80`});
const fromHost = ({address}: Place) => ({origin: 'host', target: `${address}:80`});

const faults: Fault[] = [
	{
		name: 'broadcasts do not leave by the port',
		...flags('webPort', 'bcast_flood'),
		flow: fromApp,
		says: /\(bcast_flood off\): nobody can ask/,
	},
	{name: "the host's own broadcasts leave by every port", ...flags('webPort', 'bcast_flood'), flow: fromHost, says: null},
	{name: 'a port that is not flooded learns', ...flags('webPort', 'flood'), flow: fromApp, says: null},
	{name: 'a port that learns nothing is flooded', ...flags('webPort', 'learning'), flow: fromApp, says: null},
	{
		name: 'a port neither learns nor is flooded',
		...flags('webPort', 'flood', 'learning'),
		flow: fromApp,
		says: /takes no frames for unknown addresses \(flood off\)/,
	},
	{
		name: 'the same for the host',
		...flags('webPort', 'flood', 'learning'),
		flow: fromHost,
		says: /takes no frames for unknown addresses \(flood off\)/,
	},
	{
		name: 'the same for the answer',
		...flags('appPort', 'flood', 'learning'),
		flow: fromApp,
		says: /takes no frames for unknown addresses \(flood off\)/,
	},
	{name: 'a locked port', ...flags('webPort', 'locked'), flow: fromApp, says: /is locked, and \S+ has no entry for/},
	{
		name: 'a neighbour remembered at another MAC address',
		make: ({address, app}) => [app('ip', 'neigh', 'replace', address, 'lladdr', '02:00:00:00:00:99', 'dev', 'eth0', 'nud', 'stale')],
		mend: ({app}) => [app('ip', 'neigh', 'flush', 'all')],
		flow: fromApp,
		says: /the old entry for \S+ is 02:00:00:00:00:99, but its interface has/,
	},
	{
		name: 'the same for the answer, which the question before has put right',
		make: ({web}) => [web('ip', 'neigh', 'replace', '172.18.0.3', 'lladdr', '02:00:00:00:00:98', 'dev', 'eth0', 'nud', 'stale')],
		mend: ({web}) => [web('ip', 'neigh', 'flush', 'all')],
		flow: fromApp,
		says: null,
	},
	{
		name: 'a container that answers no ARP',
		...sysctl('web', 'net.ipv4.conf.all.arp_ignore'),
		flow: fromApp,
		says: /eth0 of web does not answer for \S+: arp_ignore is 8/,
	},
	{
		name: 'the same for the host',
		...sysctl('web', 'net.ipv4.conf.eth0.arp_ignore'),
		flow: fromHost,
		says: /eth0 of web does not answer for \S+: arp_ignore is 8/,
	},
	{
		name: 'a host that answers no ARP',
		...sysctl('host', 'net.ipv4.conf.all.arp_ignore'),
		flow: () => ({origin: 'app', target: '10.99.0.1:8081'}),
		says: /br-\S+ of the host does not answer for \S+: arp_ignore is 8/,
	},
	{
		name: 'IPv6 off on lo, for an address of the host',
		...sysctl('host', 'net.ipv6.conf.lo.disable_ipv6'),
		flow: () => ({origin: 'host', target: '[fd00:99::1]:9000'}),
		says: /^IPv6 is switched off on lo$/,
	},
	{
		name: 'IPv6 off on lo, for ::1',
		...sysctl('host', 'net.ipv6.conf.lo.disable_ipv6'),
		flow: () => ({origin: 'host', target: '[::1]:8081'}),
		says: /lo of this host has no ::1: IPv6 is switched off on lo/,
	},
];

describe.each(engines)('below IP, on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);
	let place: Place;
	beforeAll(async () => {
		place = await placeOf(lab());
	});

	it.each(faults)('$name', async ({make, mend, flow, says}) => {
		await forget(lab(), place);
		for (const argv of make(place)) await lab().host(argv);
		try {
			const [row] = await walkAndSend(lab(), [flow(place)]);
			if (!row) throw new Error('nothing was asked');
			expect(row.happened, told(row)).toBe(says === null);
			expect(row.path.verdict, told(row)).toBe(says === null ? 'delivered' : 'blocked');
			const stop = [...row.path.hops, ...(row.path.reply?.hops ?? [])].find(one => one.verdict === 'blocks');
			if (says) expect(stop?.says).toMatch(says);
		} finally {
			for (const argv of mend(place)) await lab().host(argv);
		}
		await forget(lab(), place);
		expect(await walkAndSend(lab(), [flow(place)])).toMatchObject([{happened: true, path: {verdict: 'delivered'}}]);
	});
});

/** Nobody knows anybody any more: neither the kernels their neighbours, nor the bridge what is where. */
async function forget(lab: Lab, {web, app, webPort, appPort}: Place): Promise<void> {
	const flush = ['ip', 'neigh', 'flush', 'all'];
	for (const argv of [flush, web(...flush), app(...flush)]) await lab.host(argv);
	for (const port of [webPort, appPort]) {
		const {stdout} = await lab.host(['bridge', 'fdb', 'show', 'brport', port]);
		for (const line of stdout.split('\n').filter(one => one !== '' && !one.includes('permanent')))
			await lab.host(['bridge', 'fdb', 'del', line.split(' ')[0] as string, 'dev', port, 'master'], {mayFail: true});
	}
}

async function placeOf(lab: Lab): Promise<Place> {
	const inspect = (name: string, format: string) => lab.docker('inspect', '-f', format, name);
	const inside = async (name: string) => {
		const pid = await inspect(name, '{{.State.Pid}}');
		return (...argv: string[]) => ['nsenter', '-t', pid, '-n', ...argv];
	};
	const [web, app] = [await inside('web'), await inside('app')];
	const links = JSON.parse((await lab.host(['ip', '-j', 'link'])).stdout) as {ifindex: number; ifname: string; master?: string}[];
	const portOf = async (enter: typeof web) => {
		const [own] = JSON.parse((await lab.host(enter('ip', '-j', 'link', 'show', 'eth0'))).stdout) as {link_index: number}[];
		const port = links.find(one => one.ifindex === own?.link_index);
		if (!port?.master) throw new Error('the container has no port on a bridge');
		return {port: port.ifname, bridge: port.master};
	};
	const [webPort, appPort] = [await portOf(web), await portOf(app)];
	const address = await inspect('web', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
	return {web, app, webPort: webPort.port, appPort: appPort.port, bridge: webPort.bridge, address};
}
