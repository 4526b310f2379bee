import {describe, expect, test} from 'vitest';
import {asInspection, containerFrom, toldByList} from '../../source/engine/containers.js';
import {networkFrom} from '../../source/engine/networks.js';
import {answersOf, containerNamed, containersOf} from './answers.js';

describe.each(['docker-20.10', 'docker-28.5'] as const)('%s', maker => {
	const named = (name: string) => containerNamed(maker, name);

	test('what is bound now stands apart from what was asked for', () => {
		expect(named('web').published).toEqual([
			{hostAddress: '127.0.0.1', hostPort: 5353, port: 53, proto: 'udp'},
			{hostAddress: '0.0.0.0', hostPort: 8080, port: 80, proto: 'tcp'},
			{hostAddress: '::', hostPort: 8080, port: 80, proto: 'tcp'},
		]);
		expect(named('plain').requested).toEqual([{hostAddress: '0.0.0.0', hostPort: 0, port: 80, proto: 'tcp'}]);
		expect(named('done')).toMatchObject({published: [], requested: [{hostPort: 9090, port: 80}], state: 'exited', exitCode: 0, pid: null});
	});

	test('the names that the embedded DNS answers for', () => {
		const {endpoints, id} = named('web');
		const shop = endpoints.find(({networkName}) => networkName === 'shop');
		expect(shop?.dnsNames).toEqual(['web', 'www', id.slice(0, 12), 'weird-host']);
		expect(named('plain').endpoints[0]?.dnsNames).toEqual([]);
	});

	test('what the list tells reads as what the inspection tells, and of the rest nothing is claimed', () => {
		const {networks, containers} = answersOf(maker);
		const converted = networks.map(networkFrom);
		const pids = Object.fromEntries(containers.map(({Id}, index) => [Id ?? '', 100 + index]));
		const told = [...toldByList(containers, converted, pids).values()].map(api => containerFrom(api, converted));
		expect(told.map(({name}) => name).toSorted()).toEqual(wellTold[maker]);
		for (const {name, pid, ...one} of told) {
			const {state, health, networkMode, published, exposed, image, endpoints} = named(name);
			expect(one, name).toMatchObject({state, health, networkMode, exposed, image});
			expect(new Set(one.published.map(port => JSON.stringify(port)))).toEqual(new Set(published.map(port => JSON.stringify(port))));
			expect(one.endpoints.map(({networkName, address, address6}) => [networkName, address, address6])).toEqual(
				endpoints.map(({networkName, address, address6}) => [networkName, address, address6]),
			);
			expect(pid).toBe(pids[one.id]);
		}
		expect(toldByList(containers, converted, {}).size).toBe(0);
	});

	test('network modes', () => {
		expect(named('hosty').networkMode).toBe('host');
		expect(named('nony').networkMode).toBe('none');
		expect(named('plain').networkMode).toBe('bridge');
		expect(named('side').networkMode).toBe(`container:${named('web').id}`);
		expect(named('side').endpoints).toEqual([]);
	});

	test('a container that never ran has its network all the same', () => {
		const made = named('made');
		expect(made).toMatchObject({state: 'created', startedAt: null, pid: null, exitCode: null});
		expect(made.endpoints[0]).toMatchObject({networkName: 'shop', address: null, prefix: null});
		expect(made.endpoints[0]?.networkId).toBe(answersOf(maker).networks.find(({Name}) => Name === 'shop')?.Id);
	});

	test('links, added hosts and Compose', () => {
		expect(named('linked')).toMatchObject({links: ['plain:pl'], extraHosts: ['host.docker.internal:host-gateway']});
		expect(named('web')).toMatchObject({composeProject: 'shop', composeService: 'web', hostname: 'weird-host'});
	});

	test('no environment and no label gets in', () => {
		expect(JSON.stringify(answersOf(maker))).toContain('hunter2');
		expect(JSON.stringify(containersOf(maker))).not.toContain('hunter2');
	});
});

test('Docker 28 says more: health, and a port that is routed instead of published', () => {
	expect(containerNamed('docker-28.5', 'sick').health).toBe('unhealthy');
	expect(containerNamed('docker-28.5', 'frozen').state).toBe('paused');
	expect(containerNamed('docker-28.5', 'routed').published).toEqual([{hostAddress: '::', hostPort: 9191, port: 80, proto: 'tcp'}]);
	expect(containerNamed('docker-28.5', 'made').requested).toEqual([{hostAddress: '0.0.0.0', hostPort: 0, port: 70, proto: 'tcp'}]);
});

test('Podman writes network names for ids, and repeats what is shared or over', () => {
	const web = containerNamed('podman-4.3', 'web');
	expect(web.endpoints[0]).toMatchObject({
		networkName: 'shop',
		address: '10.89.0.2',
		prefix: 24,
		dnsNames: ['web', 'www', web.id.slice(0, 12)],
	});
	expect(web.endpoints[0]?.networkId).toMatch(/^[\da-f]{64}$/);
	expect(containerNamed('podman-4.3', 'plain').endpoints[0]).toMatchObject({networkName: 'bridge', dnsNames: []});
	expect(containerNamed('podman-4.3', 'side')).toMatchObject({endpoints: [], published: []});
	expect(containerNamed('podman-4.3', 'done').published).toEqual([]);
});

test.each(['docker-20.10', 'docker-28.5'] as const)('%s: the list alone says what a container publishes and where it is', maker => {
	const {networks, containers} = answersOf(maker);
	const summary = containers.find(({Names}) => Names?.includes('/web'));
	const fromList = containerFrom(asInspection(summary ?? {}), networks.map(networkFrom));
	const whole = containerNamed(maker, 'web');
	expect(fromList).toMatchObject({id: whole.id, name: 'web', state: 'running', exposed: whole.exposed, composeService: 'web'});
	expect(fromList.endpoints.map(({address}) => address).sort()).toEqual(whole.endpoints.map(({address}) => address).sort());
});

test('hostile names are harmless', () => {
	const hostile = '\u001b]0;owned\u0007\u202eweb\n\u009b2J';
	const container = containerFrom(
		{
			Id: 'ab'.repeat(32),
			Name: `/${hostile}`,
			Config: {Image: hostile, Hostname: hostile, Labels: {'com.docker.compose.service': hostile}},
			HostConfig: {NetworkMode: hostile, Links: [`/x:/y/${hostile}`], ExtraHosts: [hostile], Dns: [hostile]},
			NetworkSettings: {Networks: {[hostile]: {Aliases: [hostile], DNSNames: [hostile], IPAddress: hostile, MacAddress: hostile}}},
		},
		[],
	);
	expect(JSON.stringify(container)).not.toMatch(/[\p{Cc}\p{Cf}]|\\u00|\\n/u);
	expect(container.endpoints[0]?.address).toBeNull();
});

test('an answer that lacks everything makes a container and no error', () => {
	expect(containerFrom({}, [])).toMatchObject({name: '', state: 'exited', pid: null, endpoints: [], networkMode: 'bridge'});
	expect(containerFrom({NetworkSettings: {Networks: null, Ports: null}, HostConfig: {PortBindings: null}}, []).published).toEqual([]);
});

const wellTold: Record<string, string[]> = {
	'docker-20.10': ['frozen', 'linked', 'plain', 'web'],
	'docker-28.5': ['linked', 'plain', 'routed', 'web'],
};
