import type {Container, DnsAnswer, NetnsFacts, Network, Route, Snapshot, Socket} from '../../source/model/index.js';

/** A change to what was read of a real host. */
export type Change = (snapshot: Snapshot) => Snapshot;

export function all(...changes: Change[]): Change {
	return snapshot => changes.reduce((before, change) => change(before), snapshot);
}

export function container(name: string, patch: Partial<Container> | ((one: Container) => Partial<Container>)): Change {
	return snapshot =>
		engine(snapshot, {containers: one => (one.name === name ? {...one, ...(typeof patch === 'function' ? patch(one) : patch)} : one)});
}

export function network(name: string, patch: Partial<Network>): Change {
	return snapshot => engine(snapshot, {networks: one => (one.name === name ? {...one, ...patch} : one)});
}

/** The sockets that wait inside a container, those of its resolver aside. */
export function listeners(name: string, change: (socket: Socket) => Socket[]): Change {
	return inside(name, ({sockets}) => ({
		sockets: sockets.read
			? {...sockets, value: sockets.value.flatMap(socket => (socket.address.startsWith('127.') ? [socket] : change(socket)))}
			: sockets,
	}));
}

export function inside(name: string, patch: (facts: NetnsFacts) => Partial<NetnsFacts>): Change {
	return snapshot => {
		const id = find(snapshot, name).id;
		const facts = snapshot.containers[id];
		if (!facts) throw new Error(`the recording holds nothing of ${name}`);
		return {...snapshot, containers: {...snapshot.containers, [id]: {...facts, netns: {...facts.netns, ...patch(facts.netns)}}}};
	};
}

export function host(patch: (facts: NetnsFacts) => Partial<NetnsFacts>): Change {
	return snapshot => ({...snapshot, host: {...snapshot.host, ...patch(snapshot.host)}});
}

export function sysctl(name: string, value: string): Change {
	return host(({sysctls}) => ({sysctls: sysctls.read ? {...sysctls, value: {...sysctls.value, [name]: value}} : sysctls}));
}

export function route(dst: string, dev: string): Change {
	const added: Route = {
		family: 4,
		table: 'main',
		type: 'unicast',
		dst,
		from: null,
		src: null,
		metric: 0,
		tos: 0,
		nexthops: [{dev, gateway: '10.99.0.2', flags: [], weight: 1}],
	};
	return host(({routes}) => ({routes: routes.read ? {...routes, value: [...routes.value, added]} : routes}));
}

/** What a server said when a container asked it for a name. */
export function answer(from: string, name: string, error: string): Change {
	return snapshot => {
		const said: DnsAnswer = {from: find(snapshot, from).id, name, server: '127.0.0.11', addresses: [], error};
		return {...snapshot, answers: [...snapshot.answers, said]};
	};
}

export function find(snapshot: Snapshot, name: string): Container {
	const found = snapshot.engine.read ? snapshot.engine.value.containers.find(one => one.name === name) : undefined;
	if (!found) throw new Error(`the recording has no container ${name}`);
	return found;
}

export function bridgeOf(snapshot: Snapshot, name: string): string {
	const bridge = snapshot.engine.read ? snapshot.engine.value.networks.find(one => one.name === name)?.bridge : null;
	if (!bridge) throw new Error(`the recording has no bridge of ${name}`);
	return bridge;
}

function engine(snapshot: Snapshot, change: {containers?(one: Container): Container; networks?(one: Network): Network}): Snapshot {
	const {engine: group} = snapshot;
	if (!group.read) throw new Error('the recording has no engine');
	const {containers, networks} = group.value;
	const value = {
		...group.value,
		containers: change.containers ? containers.map(change.containers) : containers,
		networks: change.networks ? networks.map(change.networks) : networks,
	};
	return {...snapshot, engine: {...group, value}};
}
