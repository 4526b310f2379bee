import {describe, expect, it} from 'vitest';
import {parseProcNet} from '../../source/kernel/public-sockets.js';
import {parseSockets} from '../../source/kernel/sockets.js';
import {fixture} from './fixture.js';

describe('parseSockets', () => {
	const sockets = parseSockets(fixture('ss.txt'));
	const on = (port: number) => sockets.find(socket => socket.port === port);

	it('reads a listening socket with its queue', () => {
		expect(on(80)).toEqual({
			proto: 'tcp',
			family: 4,
			state: 'listen',
			address: '0.0.0.0',
			port: 80,
			device: null,
			v6only: false,
			peer: null,
			queue: {waiting: 1, limit: 5},
			inode: 16431,
			uid: 0,
			owners: null,
		});
	});

	it('tells whether :: takes IPv4', () => {
		expect(on(82)).toMatchObject({family: 6, address: '::', v6only: false});
		expect(on(83)).toMatchObject({family: 6, address: '::', v6only: true});
		expect(on(84)).toMatchObject({family: 6, address: '::1', v6only: true});
	});

	it('reads the device that a socket is bound to, and UDP', () => {
		expect(on(85)).toMatchObject({address: '0.0.0.0', device: 'eth0'});
		expect(on(55)).toMatchObject({proto: 'udp', state: 'bound', device: 'br-app', queue: null});
		expect(on(4789)).toMatchObject({proto: 'udp', inode: 12770});
	});

	it('takes an IPv6 socket on an IPv4 address for what it is, and a version that does not tell v6only for unknown', () => {
		const line = (local: string) => parseSockets(`tcp LISTEN 0 128 ${local} *:* ino:7 sk:1 uid:1000\n`)[0];
		expect(line('[::ffff:127.0.0.1]:80')).toMatchObject({family: 4, address: '127.0.0.1', v6only: false, uid: 1000});
		expect(line('*:80')).toMatchObject({family: 6, v6only: null});
		expect(line('[fe80::1]%docker0:80')).toMatchObject({address: 'fe80::1', device: 'docker0'});
	});

	it('is told what ss leaves out where it was asked for one protocol in one state', () => {
		const line = '0      5       0.0.0.0:80  0.0.0.0:* ino:16431 sk:1 cgroup:/ <->\n';
		expect(parseSockets(line, 'tcp LISTEN ')).toEqual(parseSockets(`tcp LISTEN ${line}`));
	});

	it('refuses a line that is no socket', () => {
		expect(() => parseSockets('Netid State\n')).toThrow('"Netid State" is no socket');
	});
});

describe('parseProcNet', () => {
	it('reads the same listening sockets from /proc, without what it does not tell', () => {
		const known = (socket: {port: number; address: string}) => `${socket.address} ${socket.port}`;
		const fromProc = [
			...parseProcNet(fixture('proc-net-tcp.txt'), 'tcp', 4),
			...parseProcNet(fixture('proc-net-tcp6.txt'), 'tcp', 6),
			...parseProcNet(fixture('proc-net-udp.txt'), 'udp', 4),
			...parseProcNet(fixture('proc-net-udp6.txt'), 'udp', 6),
		];
		expect(fromProc.map(known).sort()).toEqual(parseSockets(fixture('ss.txt')).map(known).sort());
		expect(fromProc.find(socket => socket.port === 82)).toMatchObject({address: '::', v6only: null, inode: 16433, state: 'listen'});
		expect(fromProc.find(socket => socket.port === 81)).toMatchObject({address: '127.0.0.1', v6only: false});
	});
});
