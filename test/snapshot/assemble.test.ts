import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {unreadContainer, unreadHost} from '../../source/model/index.js';
import {parseRecording} from '../../source/recording/load.js';
import {assemble, withReadings} from '../../source/snapshot/assemble.js';

const file = new URL('../recordings/six-28.json', import.meta.url);
const recorded = parseRecording(readFileSync(file, 'utf8'), 'six-28.json');
const gap = {id: 'not-read', why: 'it is being read', tell: ''} as const;
const base = assemble(recorded.engine, recorded.vantage, unreadHost(gap), '2026-11-24T00:00:00Z');

test('an inventory alone: every group of the kernel says why it is not there', () => {
	const {inode, rulesets, ...groups} = base.host;
	expect(inode).toBeNull();
	for (const group of [
		...Object.values(groups),
		...Object.values(rulesets),
		...Object.values(base.hostResolver),
		base.proxies,
		base.veths,
	]) {
		expect(group).toEqual({read: false, gap});
	}
	expect(base).toMatchObject({hostName: 'web-01', containers: {}, answers: []});
});

test('readings are laid over a snapshot, newer ones over older ones, and the snapshot stays', () => {
	const answer = (name: string, address: string) => ({from: null, name, server: '192.0.2.53', addresses: [address], error: null});
	const once = withReadings(base, {answers: [answer('Db', '192.0.2.1')], containers: {a: unreadContainer(gap), b: unreadContainer(gap)}});
	const [facts] = Object.values(recorded.containers);
	const twice = withReadings(once, {
		answers: [answer('db', '192.0.2.2')],
		containers: facts ? {a: facts} : {},
		hostSockets: recorded.host.sockets,
	});
	expect(twice.answers.map(({addresses}) => addresses)).toEqual([['192.0.2.2']]);
	expect(twice.host.sockets).toBe(recorded.host.sockets);
	expect(twice.containers.a).toBe(facts);
	expect(twice.containers.b?.main).toEqual({read: false, gap});
	expect(base).toMatchObject({answers: [], containers: {}});
	expect(base.host.sockets.read).toBe(false);
});

test('a name asked from elsewhere is another question', () => {
	const answers = [null, 'web'].map(from => ({from, name: 'db', server: '192.0.2.53', addresses: [], error: 'NXDOMAIN'}));
	expect(withReadings(withReadings(base, {answers: answers.slice(0, 1)}), {answers: answers.slice(1)}).answers).toEqual(answers);
});
