import {type Family, type Proto, type Scene, servers} from './trace-scene.ts';

/** A flow of one protocol and family. */
export interface Flow {
	name: FlowName;
	proto: Proto;
	family: Family;
}

export const flowNames = ['lan', 'loopback', 'own address', 'by name', 'through host', 'other network'] as const;
export type FlowName = (typeof flowNames)[number];

/** Where a request has to end. `of`: the container, null: the host. */
export interface End {
	lost: 'request' | 'answer';
	/** The hop of the request's path, or (answer) of the way back. */
	kind: string;
	of: string | null;
	name?: string;
	connection?: number;
	cause?: string;
}

/** A place that is broken for flows: commands that do it and undo it, and where the packets of each flow then have to be lost; null: this place does not lie on its path. */
export interface Place {
	name: string;
	make: (scene: Scene, flow: Flow) => string[][];
	mend: (scene: Scene, flow: Flow) => string[][];
	ends: (scene: Scene, flow: Flow) => End | null;
}

/** docker-proxy carries it: the container sees a second connection. */
const proxied = (flow: Flow) => flow.name === 'loopback' || flow.name === 'through host';

const inside = (scene: Scene, name: string, ...argv: string[]) => ['nsenter', '-t', scene.containers[name]?.pid ?? '', '-n', ...argv];
const tables = (family: Family) => (family === 4 ? 'iptables' : 'ip6tables');
const server = ({proto}: Flow) => servers[proto];
const addressOf = (scene: Scene, flow: Flow, name: string) => scene.containers[name]?.address[flow.family] ?? '';
const hostOf = ({lab: {address}}: Scene, {family}: Flow) => (family === 4 ? address.host : address.host6);
const asked = (flow: Flow) => ['-p', flow.proto, '--dport', String(server(flow).published)];
const towards = (scene: Scene, flow: Flow) => [
	...['-p', flow.proto, '-d', addressOf(scene, flow, server(flow).name)],
	...['--dport', String(server(flow).port)],
];

/** A rule put first into a chain; null: none for this flow. */
function rulePlace(name: string, ruleOf: (scene: Scene, flow: Flow) => Rule | null, ends: Place['ends']): Place {
	const commands = (verb: '-I' | '-D') => (scene: Scene, flow: Flow) => {
		const rule = ruleOf(scene, flow);
		if (rule === null) return [];
		const argv = [tables(flow.family), '-w', '-t', rule.table, verb, rule.chain, ...rule.matches, '-j', 'DROP'];
		return [rule.of === null ? argv : inside(scene, rule.of, ...argv)];
	};
	return {name, make: commands('-I'), mend: commands('-D'), ends: (scene, flow) => (ruleOf(scene, flow) ? ends(scene, flow) : null)};
}

interface Rule {
	of: string | null;
	table: string;
	chain: string;
	matches: string[];
}

/** The rule of a flow, and the hop where it stands. */
function hookPlace(name: string, ruleOf: (scene: Scene, flow: Flow) => (Rule & {connection?: number}) | null): Place {
	return rulePlace(name, ruleOf, (scene, flow) => {
		const rule = ruleOf(scene, flow) as Rule & {connection?: number};
		return {lost: 'request', kind: 'netfilter', of: rule.of, name: rule.chain, connection: rule.connection ?? 1, cause: 'dropped'};
	});
}

const lastConnection = (flow: Flow) => (proxied(flow) ? 2 : 1);

export const places: Place[] = [
	{
		name: 'process',
		make: (_, flow) => [['docker', 'pause', server(flow).name]],
		mend: (_, flow) => [['docker', 'unpause', server(flow).name]],
		ends: (_, flow) => ({lost: 'request', kind: 'process', of: server(flow).name, connection: lastConnection(flow), cause: 'paused'}),
	},
	hookPlace('container firewall', (_, flow) => ({
		...{of: server(flow).name, table: 'filter', chain: 'INPUT', connection: lastConnection(flow)},
		matches: ['-p', flow.proto, '--dport', String(server(flow).port)],
	})),
	{
		name: 'veth down',
		make: (scene, flow) => [['ip', 'link', 'set', scene.containers[server(flow).name]?.veth ?? '', 'down']],
		mend: (scene, flow) => [['ip', 'link', 'set', scene.containers[server(flow).name]?.veth ?? '', 'up']],
		ends: (scene, flow) => ({
			...{lost: 'request', kind: 'veth', of: null, name: scene.containers[server(flow).name]?.veth ?? ''},
			...{connection: lastConnection(flow), cause: 'link-down'},
		}),
	},
	hookPlace('host firewall', (scene, flow) => {
		const filter = {of: null, table: 'filter'};
		const {bridge, otherBridge} = scene;
		switch (flow.name) {
			case 'lan':
				return {...filter, chain: 'FORWARD', matches: ['-i', 'eth0', ...towards(scene, flow)]};
			case 'loopback':
				return {...filter, chain: 'OUTPUT', matches: ['-o', bridge, ...towards(scene, flow)], connection: 2};
			case 'own address':
				return {...filter, chain: 'OUTPUT', matches: ['-s', hostOf(scene, flow), ...towards(scene, flow)]};
			case 'by name':
				return scene.bridgeFiltered ? {...filter, chain: 'FORWARD', matches: ['-i', bridge, '-o', bridge, ...towards(scene, flow)]} : null;
			case 'through host':
				return {...filter, chain: 'INPUT', matches: ['-i', bridge, ...asked(flow)]};
			case 'other network':
				return {...filter, chain: 'FORWARD', matches: ['-i', otherBridge, ...towards(scene, flow)]};
		}
	}),
	hookPlace('raw', (scene, flow) => {
		const raw = {of: null, table: 'raw'};
		const {bridge, otherBridge} = scene;
		switch (flow.name) {
			case 'lan':
				return {...raw, chain: 'PREROUTING', matches: ['-i', 'eth0', ...asked(flow)]};
			case 'loopback':
				return {...raw, chain: 'OUTPUT', matches: ['-d', flow.family === 4 ? '127.0.0.1' : '::1', ...asked(flow)]};
			case 'own address':
				return {...raw, chain: 'OUTPUT', matches: ['-d', hostOf(scene, flow), ...asked(flow)]};
			case 'by name':
				return scene.bridgeFiltered ? {...raw, chain: 'PREROUTING', matches: ['-i', bridge, ...towards(scene, flow)]} : null;
			case 'through host':
				return {...raw, chain: 'PREROUTING', matches: ['-i', bridge, ...asked(flow)]};
			case 'other network':
				return {...raw, chain: 'PREROUTING', matches: ['-i', otherBridge, ...towards(scene, flow)]};
		}
	}),
	{
		name: 'route',
		make: (scene, flow) => [routed(scene, flow, 'add')],
		mend: (scene, flow) => [routed(scene, flow, 'del')],
		ends: (_, flow) => ({
			...{lost: 'request', kind: 'route', of: flow.name === 'by name' ? 'app' : null},
			...{connection: lastConnection(flow), cause: 'route-refuses'},
		}),
	},
	rulePlace(
		'answer lost',
		(_, flow) => ({
			...{of: server(flow).name, table: 'filter', chain: 'OUTPUT'},
			matches: ['-p', flow.proto, '--sport', String(server(flow).port)],
		}),
		(_, flow) => ({lost: 'answer', kind: 'netfilter', of: server(flow).name, name: 'OUTPUT', cause: 'dropped'}),
	),
];

/** Nobody finds the server: on the host, or (on its own network) at the caller. */
function routed(scene: Scene, flow: Flow, verb: string): string[] {
	const version = `-${flow.family}`;
	const argv = ['ip', version, 'route', verb, 'blackhole', addressOf(scene, flow, server(flow).name)];
	return flow.name === 'by name' ? inside(scene, 'app', ...argv) : argv;
}

/** Lets `other` come to the servers, and their answers back: put before everything that Docker has against it. */
export function lettingThrough(scene: Scene, verb: '-I' | '-D'): string[][] {
	const {bridge, otherBridge} = scene;
	const ways = [
		['-i', otherBridge, '-o', bridge],
		['-i', bridge, '-o', otherBridge],
	];
	return ([4, 6] as const).flatMap(family => [
		...ways.map(way => [tables(family), '-w', verb, 'FORWARD', ...way, '-j', 'ACCEPT']),
		[tables(family), '-w', '-t', 'raw', verb, 'PREROUTING', '-i', otherBridge, '-j', 'ACCEPT'],
	]);
}
