import {expect, it} from 'vitest';
import {parseFdb} from '../../source/kernel/fdb.js';
import {parseNeighbours} from '../../source/kernel/neighbours.js';
import {fixture} from './fixture.js';

it('reads neighbours that answered, that failed, that are being asked, and fixed ones', () => {
	const states = Object.fromEntries(parseNeighbours(fixture('ip-neigh.txt')).map(one => [one.address, [one.mac, ...one.states]]));
	expect(states).toEqual({
		'192.0.2.99': [null, 'FAILED'],
		'192.0.2.98': [null, 'INCOMPLETE'],
		'192.0.2.2': ['66:3a:bb:0b:10:f9', 'REACHABLE'],
		'172.18.0.77': ['02:42:ac:12:00:4d', 'PERMANENT'],
		'172.18.0.2': ['96:4a:6a:a7:9d:05', 'STALE'],
	});
});

it('reads forwarding entries: static, own, of a vxlan, learned', () => {
	const entries = parseFdb(fixture('bridge-fdb.txt'));
	expect(entries).toContainEqual({mac: '02:42:ac:12:00:4d', dev: 'veth1', master: 'br-app', state: 'static', flags: [], dst: null});
	expect(entries).toContainEqual({
		mac: '02:42:ac:12:00:55',
		dev: 'vx0',
		master: null,
		state: 'permanent',
		flags: ['self'],
		dst: '192.0.2.3',
	});
	const learned = parseFdb(fixture('bridge-fdb-docker28.txt')).filter(entry => entry.state === '');
	expect(learned.length).toBeGreaterThan(0);
	for (const entry of learned)
		expect(entry).toMatchObject({dev: expect.stringMatching(/^veth/), master: expect.stringMatching(/^(br-|docker0)/)});
});
