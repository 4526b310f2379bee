import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {type Client, sighting, type TargetSocket, targetSockets} from '../../source/probe/target-socket.js';

/**
 * A real namespace (10.77.0.2, fd77::2) in which servers took connections from 10.77.0.1 and fd77::1, source ports 40001 to 40007:
 * 8001 and 8002 read them, 8003 and 8004 never read, 8006 is stopped (SIGSTOP); the client of 8005 has closed its one.
 */
const tables = ['proc-net-tcp.txt', 'proc-net-tcp6.txt'].map(file => readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8'));
const at = (port: number) => tables.flatMap(table => targetSockets(table, port));

const client: Client = {
	localAddress: '10.77.0.1',
	localPort: 40001,
	hostAddresses: ['127.0.0.1', '172.17.0.1', 'fd77::1'],
	sameNamespace: false,
	direct: false,
	spoke: false,
};

describe('targetSockets', () => {
	it.each([
		[8001, [{remote: '10.77.0.1', remotePort: 40001, unread: 0}]],
		[
			8002,
			[
				{remote: '10.77.0.1', remotePort: 40002, unread: 0},
				{remote: 'fd77::1', remotePort: 40003, unread: 0},
			],
		],
		[8003, [{remote: '10.77.0.1', remotePort: 40004, unread: 18}]],
		[8004, [{remote: 'fd77::1', remotePort: 40005, unread: 18}]],
		[8005, []],
		[8006, [{remote: '10.77.0.1', remotePort: 40006, unread: 18, inode: 0}]],
		[40001, []],
	])('port %i', (port, expected) => {
		expect(at(port)).toMatchObject(expected.map(one => ({state: 'established', ...one})));
		expect(at(port)).toHaveLength(expected.length);
	});
});

describe('sighting', () => {
	const one = (fields: Partial<TargetSocket> = {}): TargetSocket => ({
		...{remote: '10.77.0.1', remotePort: 40001, state: 'established', unread: 0, inode: 7},
		...fields,
	});
	const fromProxy = {remote: '172.17.0.1', remotePort: 51000};

	it.each<[string, TargetSocket[], Partial<Client>, string]>([
		['read', at(8001), {}, 'taken'],
		['read, over IPv6', at(8002), {localAddress: 'fd77::1', localPort: 40003}, 'taken'],
		['never read', at(8003), {localPort: 40004}, 'unread'],
		['stopped before it was accepted', at(8006), {localPort: 40006}, 'unread'],
		['nothing arrived', at(8005), {}, 'absent'],
		['docker-proxy dialled anew', [one(fromProxy)], {localAddress: '127.0.0.1'}, 'taken'],
		['source NAT kept the port', [one({remote: '172.17.0.1'}), one({...fromProxy, inode: 0})], {direct: true}, 'taken'],
		['from the host, but no proxy is on the way', [one(fromProxy)], {direct: true}, 'unclear'],
		[
			'two could be meant and differ',
			[one(fromProxy), one({...fromProxy, remotePort: 51001, unread: 9})],
			{localAddress: '127.0.0.1'},
			'unclear',
		],
		['two could be meant and agree', [one(fromProxy), one({...fromProxy, remotePort: 51001})], {localAddress: '127.0.0.1'}, 'taken'],
		['the own one beside another', [one(), one({...fromProxy, unread: 9})], {}, 'taken'],
		['somebody unknown', [one({remote: '198.51.100.9'})], {}, 'unclear'],
		["the container's own health check", [one({remote: '127.0.0.1', remotePort: 51000})], {localAddress: '127.0.0.1'}, 'absent'],
		['over loopback in one namespace', [one({remote: '127.0.0.1'})], {localAddress: '127.0.0.1', sameNamespace: true}, 'taken'],
		['held in the handshake (TCP_DEFER_ACCEPT)', [one({state: 'handshake', inode: 0})], {}, 'unclear'],
		['held in the handshake although data was sent: its end is lost', [one({state: 'handshake', inode: 0})], {spoke: true}, 'absent'],
		['a client that does not tell its port', [one(fromProxy)], {localAddress: null, localPort: null}, 'taken'],
	])('%s', (_what, arrived, fields, expected) => {
		expect(sighting(arrived, {...client, ...fields})).toBe(expected);
	});
});
