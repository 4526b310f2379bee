import type {Container, Group, NetnsFacts, Network, Snapshot} from '../../../source/model/index.js';
import {type ContainerName, containers, type PlaceName, places} from './topology.js';

/** The testbed as a snapshot: its namespaces as an engine would name them, and what was read of each. */
export function snapshotOf(facts: Record<PlaceName, NetnsFacts>): Snapshot {
	const names = Object.keys(containers) as ContainerName[];
	const links = facts.host.links.read ? facts.host.links.value : [];
	return {
		schema: 'dockhop.snapshot/1',
		takenAt: '2026-01-01T00:00:00Z',
		hostName: 'testbed',
		vantage: {kind: 'root', words: '', enter: []},
		engine: read({
			url: '',
			chosenBy: '',
			version: '28.5.2',
			apiVersion: '1.51',
			flavour: 'docker',
			operatingSystem: '',
			kernelVersion: '',
			hostName: 'testbed',
			firewallBackend: null,
			networks: ['br0', 'br1'].map(network),
			containers: names.map(container),
		}),
		host: facts.host,
		hostResolver: {hosts: notRead, resolvConf: notRead, nsswitch: notRead},
		proxies: read([]),
		veths: read(
			names.map(name => ({
				containerId: name,
				interface: 'eth0',
				hostIndex: links.find(link => link.name === containers[name].port)?.index ?? 0,
				by: 'iflink',
			})),
		),
		containers: Object.fromEntries(
			names.map(name => [name, {netns: facts[name], resolver: {hosts: notRead, resolvConf: notRead, nsswitch: notRead}, main: notRead}]),
		),
		answers: [],
	};
}

function network(bridge: string): Network {
	return {id: bridge, name: bridge, driver: 'bridge', scope: 'local', internal: false, ipv6: true, subnets: [], bridge, options: {}};
}

function container(name: ContainerName): Container {
	const {bridge} = containers[name];
	const [address = '', address6 = ''] = places[name].links.eth0 ?? [];
	const endpoint = {
		networkId: bridge,
		networkName: bridge,
		address,
		prefix: 24,
		gateway: null,
		address6,
		prefix6: 64,
		gateway6: null,
		mac: null,
	};
	return {
		id: name,
		name,
		image: '',
		state: 'running',
		exitCode: null,
		health: null,
		startedAt: null,
		pid: 1,
		hostname: name,
		networkMode: bridge,
		sandboxKey: null,
		hostsPath: null,
		resolvConfPath: null,
		exposed: [],
		published: [],
		requested: [],
		endpoints: [{...endpoint, aliases: [], dnsNames: []}],
		extraHosts: [],
		links: [],
		dns: [],
		composeProject: null,
		composeService: null,
	};
}

function read<T>(value: T): Group<T> {
	return {read: true, value, source: '', command: ''};
}

const notRead: Group<never> = {read: false, gap: {id: 'not-read', why: 'not part of the testbed', tell: ''}};
