import {expect, test} from 'vitest';
import {aboutFrom} from '../../source/engine/about.js';
import {networkFrom, withGateways} from '../../source/engine/networks.js';
import {answersOf, containersOf, type Maker} from './answers.js';

const networksOf = (maker: Maker) => answersOf(maker).networks.map(networkFrom);
const named = (maker: Maker, name: string) => networksOf(maker).find(network => network.name === name);

test.each(['docker-20.10', 'docker-26.1', 'docker-28.5'] as const)('%s: bridges by name, by default and by id', maker => {
	expect(named(maker, 'bridge')).toMatchObject({driver: 'bridge', bridge: 'docker0', subnets: [{subnet: '172.17.0.0/16'}]});
	expect(named(maker, 'none')).toMatchObject({driver: 'null', bridge: null, subnets: []});
	const own = networksOf(maker).find(network => network.driver === 'bridge' && network.name !== 'bridge');
	expect(own?.bridge).toBe(`br-${own?.id.slice(0, 12)}`);
});

test.each(['docker-20.10', 'docker-28.5'] as const)('%s: an internal network with IPv6', maker => {
	expect(named(maker, 'inner')).toMatchObject({internal: true, ipv6: true});
	expect(named(maker, 'inner')?.subnets).toContainEqual({subnet: 'fd00:1::/64', gateway: null});
});

test('gateways that the list lacks come from the endpoints', () => {
	const subnets = (name: string) =>
		withGateways(networksOf('docker-20.10'), containersOf('docker-20.10')).find(network => network.name === name)?.subnets;
	expect(named('docker-20.10', 'bridge')?.subnets).toEqual([{subnet: '172.17.0.0/16', gateway: null}]);
	expect(subnets('bridge')).toEqual([{subnet: '172.17.0.0/16', gateway: '172.17.0.1'}]);
	expect(subnets('inner')).toContainEqual({subnet: 'fd00:1::/64', gateway: 'fd00:1::1'});
});

test('what the engine is', () => {
	const about = (maker: Maker, info = {}) => {
		const answers = answersOf(maker);
		const address = {url: 'unix:///x', chosenBy: '--host', transport: {kind: 'unix', path: '/x'} as const, tried: []};
		return aboutFrom(address, answers.version, {...answers.info, ...info});
	};
	expect(about('docker-28.5')).toMatchObject({version: '28.5.2+dfsg4', apiVersion: '1.51', flavour: 'docker', firewallBackend: 'iptables'});
	expect(about('docker-20.10')).toMatchObject({apiVersion: '1.41', firewallBackend: null, hostName: 'vm'});
	expect(about('podman-4.3').flavour).toBe('podman');
	expect(about('docker-28.5', {SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless']}).flavour).toBe('rootless');
	expect(about('docker-28.5', {OperatingSystem: 'Docker Desktop'}).flavour).toBe('desktop');
});
