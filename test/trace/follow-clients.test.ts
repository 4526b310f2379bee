import {describe, expect, it} from 'vitest';
import type {SeenPacket, TraceFilter} from '../../source/model/index.ts';
import {followClients} from '../../source/trace/follow-clients.ts';

const first: TraceFilter = {proto: 'tcp', ports: [8080, 8080], address: '10.99.0.1'};
const syn: SeenPacket = {
	...{place: 'host', us: 10, interface: 'eth0', direction: 'in', src: '10.99.0.2', sport: 40_000, dst: '10.99.0.1', dport: 8080},
	...{proto: 'tcp', flags: ['syn'], length: 0},
};

function following(most = 2) {
	const clients = followClients({first, entry: 'eth0'}, most, 10_000);
	clients.begin(5);
	const hear = (change: Partial<SeenPacket>) => clients.hear({packet: {...syn, ...change}});
	return {clients, hear};
}

describe('connections of clients elsewhere', () => {
	it('each is followed from its first packet, and given once', () => {
		const {clients, hear} = following();
		hear({});
		hear({us: 11, sport: 40_001});
		hear({us: 12, flags: ['ack']});
		expect(clients.open()).toBe(2);
		expect(clients.oldest()).toBe(10);
		expect(clients.take()).toEqual([]);
		expect(clients.take(true)).toEqual([
			{client: {address: '10.99.0.2', port: 40_000}, us: 10},
			{client: {address: '10.99.0.2', port: 40_001}, us: 11},
		]);
		expect(clients.take(true)).toEqual([]);
		expect(clients.oldest()).toBeNull();
	});

	it.each<[string, Partial<SeenPacket>]>([
		['before everything looked', {us: 4}],
		['from the host itself', {interface: 'lo'}],
		['going out', {direction: 'out'}],
		['in a container', {place: 'c1'}],
		['to another address', {dst: '10.99.0.3'}],
		['to another port', {dport: 81}],
		['in the middle of a connection', {flags: ['ack']}],
		['an answer', {flags: ['syn', 'ack']}],
		['of another protocol', {proto: 'udp', flags: []}],
	])('not one %s', (_, change) => {
		const {clients, hear} = following();
		hear(change);
		expect(clients.open()).toBe(0);
	});

	it('more than can be followed are counted; those that are closed make room', () => {
		const {clients, hear} = following();
		for (const sport of [1, 2, 3]) hear({sport});
		expect([clients.open(), clients.missed(), clients.missed()]).toEqual([2, 1, 0]);
		hear({us: 20, sport: 1, flags: ['rst']});
		hear({us: 21, sport: 4});
		expect([clients.open(), clients.missed()]).toEqual([3, 0]);
	});
});

describe('whoever asks', () => {
	const asks = [
		{place: 'host', address: '10.99.0.1', port: 8080, own: false},
		{place: 'host', address: '172.17.0.2', port: 80, own: true},
		{place: 'c1', address: '127.0.0.1', port: 80, own: true},
	];

	it.each<[string, Partial<SeenPacket>, number]>([
		['by any link', {interface: 'br-1'}, 1],
		['going out', {direction: 'out', dst: '172.17.0.2', dport: 80}, 1],
		['in the container itself', {place: 'c1', interface: 'lo', dst: '127.0.0.1', dport: 80}, 1],
		["at the host's own port of that number", {interface: 'lo', dst: '127.0.0.1', dport: 80}, 0],
		['at the published port of another address', {dst: '10.99.0.7'}, 0],
		['in the middle of a connection', {flags: ['ack']}, 0],
	])('%s', (_, change, count) => {
		const clients = followClients({first, entry: null, asks}, 2, 10_000);
		clients.begin(5);
		clients.hear({packet: {...syn, ...change}});
		expect(clients.open()).toBe(count);
	});
});
