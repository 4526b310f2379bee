import {describe, expect, test} from 'vitest';
import {examine} from '../../source/diagnosis/examine.js';
import {faults} from '../../source/diagnosis/faults.js';
import type {Address, Engine, HttpProxies, Link, ResolverFiles, Snapshot} from '../../source/model/index.js';
import {all, answer, bridgeOf, type Change, container, find, host, inside, listeners, network, route, sysctl} from './changed.js';
import {pathOn, recorded, withRule, withRules} from './recorded.js';

/** A fault that speaks on a changed recording, and the nearly equal change on which it must be silent. */
interface Scenario {
	id: string;
	/** A request that it is on the way of; absent: it is about the host. */
	ask?: [target: string, from: string];
	/** Another request for the silent half, where that is the difference. */
	askSilent?: [target: string, from: string];
	speaks: Change;
	silent: Change;
}

const same: Change = snapshot => snapshot;
const nxdomain = (from: string, name: string) => answer(from, name, 'NXDOMAIN');
const nobodyListens = listeners('web', () => []);

const scenarios: Scenario[] = [
	{
		id: 'http-proxy-environment',
		ask: ['web:80', 'app'],
		speaks: container('app', {httpProxies: proxied([])}),
		silent: container('app', {httpProxies: proxied(['web'])}),
	},
	{
		id: 'behind-a-machine',
		ask: ['other:80', 'host'],
		speaks: flavour('desktop'),
		silent: flavour('docker'),
	},
	{id: 'macvlan-host', ask: ['other:80', 'host'], speaks: macvlan('eth0'), silent: macvlan('eth7')},
	{
		id: 'swarm-ingress',
		ask: [':8090', 'host'],
		speaks: ingress(8090),
		silent: ingress(8091),
	},
	{
		id: 'swarm-ingress',
		ask: [':8090', 'host'],
		askSilent: ['10.98.0.9:8090', 'app'],
		speaks: ingress(8090),
		silent: all(ingress(8090), noDefaultRoute('app')),
	},
	{id: 'wrong-port', ask: ['web:80', 'lan'], speaks: listeners('web', socket => [{...socket, port: 3000}]), silent: nobodyListens},
	{
		id: 'protocol-mismatch',
		ask: ['web:80', 'lan'],
		speaks: listeners('web', socket => [{...socket, proto: 'udp', state: 'bound', queue: null}]),
		silent: listeners('web', socket => [{...socket, proto: 'udp', state: 'bound', queue: null, port: 81}]),
	},
	{id: 'not-ready', ask: ['web:80', 'lan'], speaks: all(nobodyListens, started(3)), silent: all(nobodyListens, started(3600))},
	{id: 'not-published', ask: ['other:80', 'lan'], askSilent: ['other:80', 'host'], speaks: same, silent: same},
	{id: 'different-networks', ask: ['other:80', 'app'], askSilent: ['web:80', 'app'], speaks: nxdomain('app', 'other'), silent: same},
	{
		id: 'default-bridge-names',
		ask: ['www:80', 'tiny'],
		askSilent: ['other:80', 'app'],
		speaks: nxdomain('tiny', 'www'),
		silent: nxdomain('app', 'other'),
	},
	{
		id: 'host-gateway-missing',
		ask: ['http://host.docker.internal:8080/', 'web'],
		askSilent: ['http://host.docker.internal:8080/', 'app'],
		speaks: nxdomain('web', 'host.docker.internal'),
		silent: nxdomain('web', 'host.docker.internal'),
	},
	{
		id: 'name-misspelt',
		ask: ['http://webb/', 'app'],
		askSilent: ['http://database/', 'app'],
		speaks: nxdomain('app', 'webb'),
		silent: nxdomain('app', 'database'),
	},
	{
		id: 'dns-servers-silent',
		ask: ['http://example.com/', 'app'],
		speaks: answer('app', 'example.com', 'timeout'),
		silent: nxdomain('app', 'example.com'),
	},
	{
		id: 'localhost-inside',
		ask: ['http://127.0.0.1:9000/', 'app'],
		askSilent: ['http://127.0.0.1:9009/', 'app'],
		speaks: same,
		silent: same,
	},
	{
		id: 'internal-network',
		ask: ['10.99.0.2:80', 'app'],
		speaks: all(network('appnet', {internal: true}), noDefaultRoute('app')),
		silent: noDefaultRoute('app'),
	},
	{
		id: 'icc-off',
		ask: ['web:80', 'app'],
		speaks: all(bridgedDrop, network('appnet', {options: {'com.docker.network.bridge.enable_icc': 'false'}})),
		silent: bridgedDrop,
	},
	{id: 'restarting', speaks: container('www', {state: 'restarting', exitCode: 1}), silent: same},
	// Between two starts it runs for a moment.
	{id: 'restarting', speaks: loops(3, 2, 0.4), silent: loops(1, 2, 0.4)},
	{id: 'restarting', speaks: loops(9, 9, 25), silent: all(loops(9, 60, 25))},
	{id: 'restarting', speaks: loops(2, 0.1, 0.21), silent: loops(40, 5, 0.12)},
	{
		id: 'sent-elsewhere',
		ask: ['www:80', 'lan'],
		speaks: dnat('172.17.0.250:80'),
		silent: snapshot => dnat(`${find(snapshot, 'www').endpoints[0]?.address}:80`)(snapshot),
	},
	{id: 'address-taken', speaks: hostAddress('www'), silent: same},
	{
		id: 'stray-address',
		ask: ['www:80', 'lan'],
		speaks: address('www', '10.99.0.77', 8),
		silent: address('www', '10.77.0.77', 24),
	},
	{
		id: 'name-leads-elsewhere',
		ask: ['web:80', 'app'],
		speaks: hostsLine('app', '172.18.0.99 web'),
		silent: hostsLine('app', '172.18.0.99 webb'),
	},
	{
		id: 'dns-not-asked',
		ask: ['http://web/', 'app'],
		speaks: nsswitch('hosts: files'),
		silent: all(nsswitch('hosts: files dns'), nxdomain('app', 'web')),
	},
	{id: 'not-running', speaks: container('www', {state: 'exited', exitCode: 0}), silent: container('other', {state: 'exited', exitCode: 0})},
	{id: 'not-running', speaks: wants8080('exited', 9999), silent: wants8080('exited')},
	{id: 'unhealthy', speaks: container('www', {health: 'unhealthy'}), silent: container('www', {health: 'starting'})},
	{id: 'port-taken', speaks: wants8080('created'), silent: wants8080('exited')},
	{
		id: 'lost-namespace',
		speaks: all(joinsWww, container('www', {state: 'exited'})),
		silent: all(joinsWww, snapshot => sameInode(snapshot)),
	},
	{
		id: 'bridge-lost',
		speaks: snapshot =>
			host(({links}) => ({
				links: links.read
					? {...links, value: links.value.map(link => (link.name === bridgeOf(snapshot, 'appnet') ? {...link, up: false} : link))}
					: links,
			}))(snapshot),
		silent: network('appnet', {internal: true}),
	},
	{
		id: 'address-lost',
		speaks: inside('web', ({addresses}) => ({
			addresses: addresses.read ? {...addresses, value: addresses.value.filter(({link}) => link === 'lo')} : addresses,
		})),
		silent: inside('web', () => ({addresses: {read: false, gap: {id: 'no-permission', why: 'root only', tell: 'sudo dockhop'}}})),
	},
	{
		id: 'engine-rules-missing',
		speaks: snapshot =>
			withRules(snapshot, text =>
				text.replace(/(?<=^\*filter\n(?:.*\n)*?)^\[\d+:\d+\] -A (?!.*COMMIT).*\n/gm, line =>
					/-A (DOCKER|FORWARD)/.test(line) ? '' : line,
				),
			),
		silent: snapshot => withRules(snapshot, text => text.replace(/^.*-j DNAT.*\n/gm, '')),
	},
	{
		id: 'nat-rule-missing',
		ask: ['www:80', 'lan'],
		speaks: snapshot => withRules(snapshot, text => text.replace(/^.*-j DNAT.*\n/gm, '')),
		silent: snapshot => withRules(snapshot, text => text.replace(/^.*-j MASQUERADE.*\n/gm, '')),
	},
	{
		id: 'not-masqueraded',
		ask: ['192.0.2.1:443', 'app'],
		speaks: snapshot => withRules(snapshot, text => text.replace(/^.*-j MASQUERADE.*\n/gm, '')),
		silent: all(
			snapshot => withRules(snapshot, text => text.replace(/^.*-j MASQUERADE.*\n/gm, '')),
			network('appnet', {options: {'com.docker.network.bridge.gateway_mode_ipv4': 'routed'}}),
		),
	},
	{id: 'two-iptables', ask: ['www:80', 'lan'], speaks: legacy('DROP'), silent: legacy('ACCEPT')},
	{id: 'subnet-overlap', speaks: route('172.16.0.0/12', 'eth0'), silent: route('192.168.0.0/16', 'eth0')},
	{
		id: 'stale-proxy',
		speaks: proxyFor('172.17.0.99'),
		silent: snapshot => proxyFor(find(snapshot, 'www').endpoints[0]?.address ?? '')(snapshot),
	},
	{
		id: 'duplicate-mac',
		speaks: snapshot => sameMac('web', 'app')(snapshot),
		silent: snapshot => sameMac('web', 'other')(snapshot),
	},
	{id: 'mtu-too-large', speaks: nicMtu(1400), silent: nicMtu(9000)},
	{
		id: 'conntrack-full',
		speaks: all(sysctl('net.netfilter.nf_conntrack_max', '1000'), sysctl('net.netfilter.nf_conntrack_count', '950')),
		silent: all(sysctl('net.netfilter.nf_conntrack_max', '1000'), sysctl('net.netfilter.nf_conntrack_count', '500')),
	},
	{
		id: 'ports-discarded',
		speaks: container('hosty', {requested: [{hostAddress: '', hostPort: 80, port: 80, proto: 'tcp'}]}),
		silent: container('www', {requested: [{hostAddress: '', hostPort: 80, port: 80, proto: 'tcp'}]}),
	},
	{
		id: 'shared-name',
		speaks: all(aliased('web', 'one'), aliased('app', 'two')),
		silent: all(aliased('web', 'one'), aliased('app', 'one')),
	},
];

describe('each named fault', () => {
	test.each(scenarios)('$id speaks', async ({id, ask, speaks}) => {
		expect(ids(speaks(await recorded('28')), ask)).toContain(id);
	});

	test.each(scenarios)('$id is silent where it is nearly so', async ({id, ask, askSilent, silent}) => {
		expect(ids(silent(await recorded('28')), askSilent ?? ask)).not.toContain(id);
	});

	test('has a scenario', () => {
		expect([...new Set(scenarios.map(({id}) => id))].toSorted()).toEqual(faults.map(({id}) => id).toSorted());
	});
});

test.each([
	['info', {exitCode: 0}],
	['info', {exitCode: 137}],
	['info', {exitCode: 143}],
	['warning', {exitCode: 1}],
	['warning', {exitCode: 137, outOfMemory: true}],
	['warning', {exitCode: 0, state: 'dead'}],
	['warning', {exitCode: 0, startError: 'the cable is missing'}],
] as const)('a container that does not run is a %s of the host where it ended with %j', async (severity, how) => {
	const stopped = container('www', {state: 'exited', pid: null, published: [], ...how});
	const snapshot = all(
		stopped,
		host(() => ({sockets: {read: true, value: [], source: 'ss', command: 'ss'}})),
	)(await recorded('28'));
	const {findings} = examine(snapshot, []);
	const [finding] = findings.filter(({id}) => id === 'not-running');
	expect(finding).toMatchObject({severity, summary: expect.stringMatching(/^www .*so nobody answers on 8080\/tcp/)});
});

function ids(snapshot: Snapshot, ask: Scenario['ask']): string[] {
	const findings = ask ? pathOn(snapshot, ...ask).findings : examine(snapshot, []).findings;
	for (const {summary, remedy} of findings) expect([summary, remedy]).not.toContain('');
	return findings.map(({id}) => id);
}

/** Started anew so often, the last time so many seconds ago, after the engine had waited so long. */
function loops(restarts: number, age: number, wait: number): Change {
	return snapshot => {
		const start = Date.parse(snapshot.takenAt) - age * 1000;
		const [startedAt, endedAt] = [start, start - wait * 1000].map(time => new Date(time).toISOString());
		return container('www', {restarts, startedAt: startedAt ?? null, endedAt: endedAt ?? null})(snapshot);
	};
}

function dnat(to: string): Change {
	return snapshot => withRule(snapshot, `-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination ${to}`, 'nat');
}

function hostAddress(name: string): Change {
	return snapshot => {
		const taken = find(snapshot, name).endpoints[0]?.address ?? '';
		return host(({addresses}) => ({addresses: withAddress(addresses, 'lo', taken, 32)}))(snapshot);
	};
}

function address(name: string, given: string, prefix: number): Change {
	return inside(name, ({addresses, routes}) => ({
		addresses: withAddress(addresses, 'eth0', given, prefix),
		routes: routes.read
			? {
					...routes,
					value: [
						...routes.value,
						{
							family: 4,
							table: 'main',
							type: 'unicast',
							dst: prefix === 8 ? '10.0.0.0/8' : '10.77.0.0/24',
							from: null,
							src: given,
							metric: 0,
							tos: 0,
							nexthops: [{dev: 'eth0', gateway: null, flags: [], weight: 1}],
						},
					],
				}
			: routes,
	}));
}

function withAddress(group: Snapshot['host']['addresses'], link: string, given: string, prefix: number): Snapshot['host']['addresses'] {
	if (!group.read) throw new Error('the recording holds no addresses');
	return {...group, value: [...group.value, {link, family: 4, address: given, prefix, peer: null, scope: 'global', flags: []}]};
}

function hostsLine(name: string, line: string): Change {
	return resolver(name, ({hosts}) => ({hosts: hosts.read ? {...hosts, value: `${hosts.value}\n${line}\n`} : hosts}));
}

function nsswitch(line: string): Change {
	return resolver('app', () => ({nsswitch: {read: true, value: `${line}\n`, source: '/etc/nsswitch.conf', command: ''}}));
}

function resolver(name: string, patch: (files: ResolverFiles) => Partial<ResolverFiles>): Change {
	return snapshot => {
		const {id} = find(snapshot, name);
		const facts = snapshot.containers[id];
		if (!facts) throw new Error(`the recording holds nothing of ${name}`);
		return {...snapshot, containers: {...snapshot.containers, [id]: {...facts, resolver: {...facts.resolver, ...patch(facts.resolver)}}}};
	};
}

function proxied(except: string[]): HttpProxies {
	return {http: {host: '10.9.9.9', port: 3128}, https: null, except};
}

function flavour(kind: Engine['flavour']): Change {
	return snapshot => {
		const {engine} = snapshot;
		if (!engine.read) throw new Error('the recording holds no engine');
		return {...snapshot, engine: {...engine, value: {...engine.value, flavour: kind}}};
	};
}

/** A Swarm whose mesh has not come up, with a service that publishes this port. */
function ingress(port: number): Change {
	return snapshot => {
		const changed = network('othernet', {name: 'ingress', driver: 'overlay', bridge: null})(snapshot);
		if (!changed.engine.read) return changed;
		const mesh = [{service: 'mesh', port, proto: 'tcp' as const, running: 1, desired: 1}];
		return {...changed, engine: {...changed.engine, value: {...changed.engine.value, mesh}}};
	};
}

/** The container `other` is on the LAN, by a macvlan of this link. */
function macvlan(parent: string): Change {
	const there = container('other', ({endpoints}) => ({endpoints: endpoints.map(end => ({...end, address: '10.99.0.50'}))}));
	const asMacvlan = (one: Link) => (one.kind === 'veth' ? {...one, kind: 'macvlan', macvlanMode: 'bridge', linkIndex: 2} : one);
	const moved = (one: Address) => (one.link === 'eth0' && one.family === 4 ? {...one, address: '10.99.0.50'} : one);
	const link = inside('other', ({links, addresses}) => ({
		links: links.read ? {...links, value: links.value.map(asMacvlan)} : links,
		addresses: addresses.read ? {...addresses, value: addresses.value.map(moved)} : addresses,
	}));
	return all(network('othernet', {driver: 'macvlan', bridge: null, options: {parent}}), there, link);
}

function started(seconds: number): Change {
	return snapshot => container('web', {startedAt: new Date(Date.parse(snapshot.takenAt) - seconds * 1000).toISOString()})(snapshot);
}

function noDefaultRoute(name: string): Change {
	return inside(name, ({routes}) => ({
		routes: routes.read ? {...routes, value: routes.value.filter(({dst}) => dst !== '0.0.0.0/0')} : routes,
	}));
}

function bridgedDrop(snapshot: Snapshot): Snapshot {
	const bridge = bridgeOf(snapshot, 'appnet');
	return sysctl('net.bridge.bridge-nf-call-iptables', '1')(withRule(snapshot, `-A FORWARD -i ${bridge} -o ${bridge} -j DROP`));
}

/** 8080 is that of www, which runs. */
function wants8080(state: 'created' | 'exited', hostPort = 8080): Change {
	return container('other', {state, exitCode: 0, pid: null, requested: [{hostAddress: '', hostPort, port: 80, proto: 'tcp'}]});
}

function joinsWww(snapshot: Snapshot): Snapshot {
	return container('lonely', {networkMode: `container:${find(snapshot, 'www').id}`})(snapshot);
}

function sameInode(snapshot: Snapshot): Snapshot {
	const inode = snapshot.containers[find(snapshot, 'www').id]?.netns.inode ?? null;
	return inside('lonely', () => ({inode}))(snapshot);
}

function legacy(policy: string): Change {
	const value = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ${policy} [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n`;
	return host(({rulesets}) => ({
		rulesets: {...rulesets, iptablesLegacy: {read: true, value, source: 'iptables-legacy-save', command: 'iptables-legacy-save'}},
	}));
}

function proxyFor(containerAddress: string): Change {
	return snapshot => {
		const {proxies} = snapshot;
		if (!proxies.read) throw new Error('the recording holds no docker-proxy');
		const added = {pid: 1, proto: 'tcp' as const, hostAddress: '127.0.0.1', hostPort: 8999, containerAddress, containerPort: 80};
		return {...snapshot, proxies: {...proxies, value: [...proxies.value, added]}};
	};
}

function sameMac(...names: string[]): Change {
	return all(
		...names.map(name => container(name, ({endpoints}) => ({endpoints: endpoints.map(end => ({...end, mac: '02:42:ac:12:00:77'}))}))),
	);
}

function nicMtu(mtu: number): Change {
	return host(({links}) => ({
		links: links.read ? {...links, value: links.value.map(link => (link.name === 'eth0' ? {...link, mtu} : link))} : links,
	}));
}

function aliased(name: string, service: string): Change {
	return container(name, ({endpoints}) => ({
		composeProject: 'shop',
		composeService: service,
		endpoints: endpoints.map(end => ({...end, aliases: ['api'], dnsNames: ['api']})),
	}));
}
