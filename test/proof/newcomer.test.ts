import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Snapshot, Trace} from '../../source/model/index.ts';
import {newcomerOf} from '../../source/proof/newcomer.ts';

/**
 * Real traces of a real engine 28.5 that waited for anybody, and what it knew of the host. In "proxy" the host asked the container straight
 * (port 55174), and then at 127.0.0.1:8080 (39482), for which docker-proxy opened a connection (55190).
 */
const {snapshot, traces}: {snapshot: Snapshot; traces: Record<'proxy' | 'bridge' | 'lan', Trace>} = JSON.parse(
	readFileSync(join(import.meta.dirname, 'fixtures', 'anyone.json'), 'utf8'),
);
const heard = (trace: Trace, address: string, port: number): Trace => ({...trace, client: {address, port}});
const dialled = heard(traces.proxy, '172.17.0.1', 55190);
const front = {client: {address: '127.0.0.1', port: 39482}, asked: {address: '127.0.0.1', port: 8080}, again: true};

describe('who asked', () => {
	it('nobody', () => {
		expect(newcomerOf({...traces.lan, client: null}, snapshot)).toBeNull();
	});

	it('the host, straight', () => {
		expect(newcomerOf(traces.proxy, snapshot)).toEqual({
			...{client: {address: '172.17.0.1', port: 55174}, asked: {address: '172.17.0.2', port: 80}},
			...{origin: {kind: 'host', address: '172.17.0.1'}, again: false},
		});
	});

	it('a container on the same bridge, by the link that its packet came by', () => {
		const own = {origin: {kind: 'container', name: 'app'}, asked: {address: '172.18.0.2', port: 80}, again: false};
		expect(newcomerOf(traces.bridge, snapshot)).toMatchObject(own);
		// Without that link, by its address.
		expect(newcomerOf({...traces.bridge, packets: traces.bridge.packets.filter(({place}) => place !== 'host')}, snapshot)).toMatchObject(
			own,
		);
	});

	it('a client on the LAN, with the address that it asked before NAT', () => {
		expect(newcomerOf(traces.lan, snapshot)).toMatchObject({
			origin: {kind: 'lan', address: '10.99.0.2'},
			asked: {address: '10.99.0.1', port: 8080},
			again: false,
		});
	});

	it('a container that is gone: nobody knows', () => {
		const gone = {
			...snapshot,
			engine: {...snapshot.engine, value: {...(snapshot.engine as never as {value: object}).value, containers: []}},
		};
		expect(newcomerOf(traces.bridge, gone as Snapshot)).toMatchObject({origin: null, client: {address: '172.18.0.3'}});
	});
});

describe("a connection of docker-proxy's", () => {
	it('belongs to the one that it was opened for', () => {
		expect(newcomerOf(dialled, snapshot)).toEqual({...front, origin: {kind: 'host', address: '127.0.0.1'}});
	});

	it('by its order alone, where no bytes were seen', () => {
		expect(newcomerOf({...dialled, bytes: []}, snapshot)).toMatchObject(front);
	});

	it("not to one that sent other bytes: then it is somebody's own", () => {
		const bytes = dialled.bytes.map(one => (one.sport === 39482 ? {...one, hex: 'ff'.repeat(40)} : one));
		expect(newcomerOf({...dialled, bytes}, snapshot)).toMatchObject({client: {port: 55190}, asked: {address: '172.17.0.2'}, again: false});
	});

	it('not to one that the kernel itself has led on', () => {
		const {connections} = dialled;
		const led = connections.map(one =>
			one.original.sport === 39482 ? {...one, reply: {...one.reply, src: '172.17.0.2', sport: 80}} : one,
		);
		expect(led).not.toEqual(connections);
		expect(newcomerOf({...dialled, connections: led}, snapshot)).toMatchObject({client: {port: 55190}, again: false});
	});
});

describe('a connection as source NAT shows it', () => {
	// As conntrack tells a masquerade: the answers go to another address than the client's.
	const connections = traces.lan.connections.map(one => ({...one, reply: {...one.reply, dst: '172.17.0.1', dport: 61_000}}));
	const masqueraded = {...heard(traces.lan, '172.17.0.1', 61_000), connections};
	const own = {client: traces.lan.client, asked: {address: '10.99.0.1', port: 8080}, origin: {kind: 'lan'}};

	it('is led back to its own client', () => {
		expect(newcomerOf(masqueraded, snapshot)).toMatchObject({...own, again: true});
	});

	it('is new where nothing else was heard of that client: a rule that no engine knows of has led it here', () => {
		const packets = masqueraded.packets.filter(({src}) => src !== traces.lan.client?.address);
		expect(packets).not.toEqual(masqueraded.packets);
		expect(newcomerOf({...masqueraded, packets}, snapshot)).toMatchObject({...own, again: false});
	});
});
