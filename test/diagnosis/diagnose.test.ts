import {describe, expect, test} from 'vitest';
import type {Path, Snapshot} from '../../source/model/index.js';
import {bridgeOf, container, find, host, inside, listeners, sysctl} from './changed.js';
import {pathOn, recorded, withRule} from './recorded.js';

describe.each(['20', '26', '28'])('findings on the recording of engine %s', engine => {
	test.each([
		['www:80', 'lan'],
		['www:80', 'host'],
		['web:80', 'app'],
	])('%s from %s arrives: no finding', async (target, from) => {
		const path = pathOn(await recorded(engine), target, from);
		expect(path.verdict).toBe('delivered');
		expect(path.findings).toEqual([]);
	});

	test('a rule that drops it: an error at that hop, with its evidence and a command', async () => {
		const snapshot = withRule(await recorded(engine), '-A DOCKER-USER -i eth0 -j DROP');
		const path = pathOn(snapshot, 'www:80', 'lan');
		const [finding, ...more] = path.findings;
		expect(more).toEqual([]);
		expect(finding).toMatchObject({id: 'dropped', severity: 'error', hop: path.blockedAt});
		expect(finding?.remedy).toMatch(/^iptables -t filter -I DOCKER-USER 1 -i eth0 -d 172\.17\.0\.\d+ -p tcp --dport 80 -j ACCEPT$/);
		expect(finding?.evidence[0]?.fact).toContain('-i eth0 -j DROP');
	});

	test('two faults at once: both are found, what decides first', async () => {
		const snapshot = withRule(await recorded(engine), '-A DOCKER-USER -i eth0 -j DROP');
		const found = ids(pathOn(snapshot, 'tiny:81', 'lan'));
		expect(found.filter(one => one.endsWith('error'))).toHaveLength(1);
		expect(found.map(one => one.split(' ')[0])).toContain('dropped');
		expect(found.at(-1)).toBe('wrong-port warning');
	});
});

test('behind a wrong turn nothing is told but what its target would stop as well', async () => {
	const snapshot = await recorded('28');
	const web = endpointOf(snapshot, 'web');
	const astray = host(({routes}) => ({
		routes: routes.read
			? {...routes, value: [{...plain, dst: `${web}/32`, nexthops: [{...hop, dev: bridgeOf(snapshot, 'othernet')}]}, ...routes.value]}
			: routes,
	}));
	expect(ids(pathOn(astray(snapshot), 'web:80', 'lan'))).toEqual(['misrouted error']);
	const mute = listeners('web', () => []);
	expect(ids(pathOn(mute(astray(snapshot)), 'web:80', 'lan'))).toEqual(['misrouted error', 'nothing-listens warning']);
});

test('the name of this host is a right way to what it publishes, and a wrong one to what it does not', async () => {
	const snapshot = listeners('web', () => [])(await recorded('28'));
	expect(ids(pathOn(snapshot, ':8081', 'app'))).toEqual(['nothing-listens error']);
	const elsewhere = container('app', {extraHosts: []});
	expect(ids(pathOn(elsewhere(snapshot), ':8081', 'app'))).not.toContain('name-leads-elsewhere error');
});

test('an IPv6 address that is gone, or that somebody else had first, is the fault and not what follows from it', async () => {
	const snapshot = container('web', ({endpoints}) => ({endpoints: endpoints.map(end => ({...end, address6: 'fd00:66::2', prefix6: 64}))}))(
		await recorded('28'),
	);
	expect(ids(pathOn(snapshot, '[fd00:66::2]:80', 'host'))).toContain('address-lost error');
	const refused = inside('web', ({addresses}) => ({
		addresses: addresses.read
			? {...addresses, value: [...addresses.value, {...address6, address: 'fd00:66::2', flags: ['dadfailed', 'tentative']}]}
			: addresses,
	}));
	const [finding] = pathOn(refused(snapshot), '[fd00:66::2]:80', 'host').findings;
	expect(finding).toMatchObject({id: 'address-lost', summary: expect.stringMatching(/may not use fd00:66::2, .*dadfailed/)});
});

test('one switch turns on forwarding on every link', async () => {
	const {links} = (await recorded('28')).host;
	const names = links.read ? links.value.map(({name}) => name) : [];
	const off = names.reduce((snapshot, name) => sysctl(`net.ipv4.conf.${name}.forwarding`, '0')(snapshot), await recorded('28'));
	const [finding] = pathOn(sysctl('net.ipv4.ip_forward', '0')(off), 'www:80', 'lan').findings;
	expect(finding).toMatchObject({id: 'forwarding-off', remedy: 'sysctl -w net.ipv4.ip_forward=1'});
});

test('a packet that comes to the same place again goes round: it is followed no further', async () => {
	const snapshot = await recorded('28');
	const gateway = endpointOf(snapshot, 'other');
	const nexthops = [{...hop, gateway, dev: bridgeOf(snapshot, 'othernet')}];
	const round = host(({routes}) => ({
		routes: routes.read ? {...routes, value: [{...plain, dst: `${endpointOf(snapshot, 'web')}/32`, nexthops}, ...routes.value]} : routes,
	}));
	const {hops, verdict} = pathOn(round(snapshot), 'web:80', 'lan');
	expect(verdict).toBe('blocked');
	expect(hops.map(({kind, of, says}) => `${kind} ${of} ${says}`)).toContain('route other the packet goes round in a loop');
	expect(hops.length).toBeLessThan(30);
});

const hop = {dev: null, gateway: null, flags: [], weight: 1};
const plain = {family: 4 as const, table: 'main', type: 'unicast', from: null, src: null, metric: 0, tos: 0};
const address6 = {link: 'eth0', family: 6 as const, prefix: 64, peer: null, scope: 'global'};

function endpointOf(snapshot: Snapshot, name: string): string {
	return find(snapshot, name).endpoints[0]?.address ?? '';
}

function ids({findings}: Path): string[] {
	return findings.map(({id, severity}) => `${id} ${severity}`);
}
