import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {Container, Engine, Snapshot} from '../../source/model/index.js';
import {parseRecording} from '../../source/recording/load.js';
import {assemble, withReadings} from '../../source/snapshot/assemble.js';
import {containersOn, containersSharing, endpointsAt, findContainer, netnsOwner, networksOf} from '../../source/snapshot/containers.js';
import {hostSideOf} from '../../source/snapshot/links.js';
import {unreadHost} from '../../source/snapshot/unread.js';
import {containersOf} from '../engine-json/answers.js';

const file = new URL('../recordings/six-28.json', import.meta.url);
const snapshot = parseRecording(readFileSync(file, 'utf8'), 'six-28.json');
const engine = engineOf(snapshot);
const odd: Engine = {...engine, containers: containersOf('docker-28.5'), networks: []};

describe('which container a name means', () => {
	const web = named(engine, 'web');

	test.each([
		['its name', 'web'],
		['its name with a slash', '/web'],
		['its id', web.id],
		['the beginning of its id', web.id.slice(0, 6)],
	])('%s', (_, name) => {
		expect(findContainer(engine, name)).toEqual({kind: 'one', value: web});
	});

	test('nothing', () => {
		for (const name of ['', '/', 'nobody', 'WEB']) expect(findContainer(engine, name)).toEqual({kind: 'none'});
	});

	test('a name is before the Compose service and the id of others', () => {
		const service = {...named(odd, 'plain'), composeService: 'web'};
		const containers = [service, ...odd.containers];
		expect(findContainer({...odd, containers}, 'web')).toMatchObject({kind: 'one', value: {name: 'web'}});
	});

	test('several are all given', () => {
		const replicas = ['shop-api-1', 'shop-api-2'].map((name, index) => ({
			...named(odd, 'plain'),
			id: `ab${index}`,
			name,
			composeService: 'api',
		}));
		const both = {...odd, containers: replicas};
		expect(findContainer(both, 'api')).toMatchObject({kind: 'several', values: [{name: 'shop-api-1'}, {name: 'shop-api-2'}]});
		expect(findContainer(both, 'ab')).toMatchObject({kind: 'several'});
		expect(findContainer(both, 'ab1')).toMatchObject({kind: 'one', value: {name: 'shop-api-2'}});
	});
});

describe('whose network namespace', () => {
	test('its own, another’s, the host’s', () => {
		expect(netnsOwner(odd, named(odd, 'web'))).toMatchObject({kind: 'container', container: {name: 'web'}});
		expect(netnsOwner(odd, named(odd, 'side'))).toMatchObject({kind: 'container', container: {name: 'web'}});
		expect(netnsOwner(odd, named(odd, 'hosty'))).toEqual({kind: 'host'});
		expect(containersSharing(odd, named(odd, 'web')).map(({name}) => name)).toEqual(['side', 'web']);
		expect(containersSharing(odd, named(odd, 'plain')).map(({name}) => name)).toEqual(['plain']);
	});

	test('one that is gone, and a circle', () => {
		const side = named(odd, 'side');
		expect(netnsOwner({...odd, containers: [side]}, side)).toMatchObject({kind: 'unknown', why: expect.stringContaining('gone')});
		const circle = {...side, networkMode: `container:${side.id}`};
		expect(netnsOwner({...odd, containers: [circle]}, circle)).toMatchObject({kind: 'unknown'});
	});
});

test('containers of a network, networks of a container, owners of an address', () => {
	const appnet = engine.networks.find(({name}) => name === 'appnet');
	expect(
		containersOn(engine, appnet?.id ?? '')
			.map(({name}) => name)
			.sort(),
	).toEqual(['app', 'web']);
	expect(networksOf(engine, named(engine, 'web')).map(({network}) => network)).toEqual([appnet]);
	expect(networksOf(odd, named(odd, 'web')).map(({network}) => network)).toEqual([null, null]);
	const address = named(engine, 'web').endpoints[0]?.address ?? '';
	expect(endpointsAt(engine, address).map(({container}) => container.name)).toEqual(['web']);
	expect(endpointsAt(odd, 'FD00:1::2').map(({container}) => container.name)).toEqual(['web']);
	expect(endpointsAt(engine, '203.0.113.1')).toEqual([]);
});

describe('the host’s side of an endpoint', () => {
	test.each(['web', 'app', 'www', 'tiny', 'other'])('%s', name => {
		const container = named(engine, name);
		const [endpoint] = container.endpoints;
		const side = endpoint && hostSideOf(snapshot, container, endpoint);
		const network = engine.networks.find(({id}) => id === endpoint?.networkId);
		expect(side).toMatchObject({interface: 'eth0', veth: {kind: 'veth', master: network?.bridge}, bridge: {name: network?.bridge}});
	});

	test('without veths the gap says why', () => {
		const gap = {id: 'no-permission', why: 'x', tell: 'y'} as const;
		const web = named(engine, 'web');
		const [endpoint] = web.endpoints;
		expect(endpoint && hostSideOf({...snapshot, ...unreadHost(gap)}, web, endpoint)).toEqual(gap);
		const none: Snapshot = {...snapshot, veths: {read: true, value: [], source: '', command: ''}};
		expect(endpoint && hostSideOf(none, web, endpoint)).toMatchObject({id: 'read-failed', why: expect.stringContaining('no veth of web')});
	});

	test('two veths on one bridge are not guessed between', () => {
		const web = named(engine, 'web');
		const [endpoint] = web.endpoints;
		if (!endpoint || !snapshot.veths.read) throw new Error('the recording has both');
		const pairs = snapshot.veths.value.flatMap(pair => (pair.containerId === web.id ? [pair, {...pair, interface: 'eth1'}] : [pair]));
		const twice = {...snapshot, containers: {}, veths: {...snapshot.veths, value: pairs}};
		expect(hostSideOf(twice, web, endpoint)).toMatchObject({why: expect.stringContaining('several veths')});
		// The container's own addresses decide, where they were read.
		expect(hostSideOf({...twice, containers: snapshot.containers}, web, endpoint)).toMatchObject({interface: 'eth0'});
	});
});

test('readings are laid over a snapshot, newer ones over older ones, and the snapshot stays', () => {
	const answer = (address: string) => ({from: null, name: 'Db', server: '192.0.2.53', addresses: [address], error: null});
	const base = assemble(snapshot.engine, snapshot.vantage, unreadHost({id: 'not-read', why: '', tell: ''}), '2026-11-24T00:00:00Z');
	const once = withReadings(base, {answers: [answer('192.0.2.1')], containers: snapshot.containers});
	const twice = withReadings(once, {answers: [{...answer('192.0.2.2'), name: 'db'}], hostSockets: snapshot.host.sockets});
	expect(twice.answers.map(({addresses}) => addresses)).toEqual([['192.0.2.2']]);
	expect(twice.host.sockets).toBe(snapshot.host.sockets);
	expect(Object.keys(twice.containers)).toEqual(Object.keys(snapshot.containers));
	expect(base).toMatchObject({answers: [], containers: {}, hostName: engine.hostName});
	expect(base.host.sockets.read).toBe(false);
});

function engineOf({engine}: Snapshot): Engine {
	if (!engine.read) throw new Error('the recording has an engine');
	return engine.value;
}

function named({containers}: Engine, name: string): Container {
	const found = containers.find(container => container.name === name);
	if (!found) throw new Error(`no container ${name}`);
	return found;
}
