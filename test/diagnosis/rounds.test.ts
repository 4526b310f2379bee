import {beforeAll, describe, expect, it} from 'vitest';
import {requestWords} from '../../source/diagnosis/request-words.js';
import {roundsOf, roundsTo} from '../../source/diagnosis/rounds.js';
import type {Snapshot} from '../../source/model/index.js';
import {type Change, container, network} from './changed.js';
import {recorded} from './recorded.js';

let snapshot: Snapshot;
beforeAll(async () => {
	snapshot = await recorded('28');
});

const words = (snapshot: Snapshot) => roundsOf(snapshot).map(({request}) => requestWords(request));

describe('the requests that doctor looks at on a whole host', () => {
	it('ports from host and LAN, the ring of each network, the host by its name, DNS servers, outwards', () => {
		expect(words(snapshot)).toEqual([
			'tiny:80 --from host',
			'web:80 --from host',
			'web:80 --from lan',
			'www:80 --from host',
			'www:80 --from lan',
			'web:80 --from app',
			'app:80 --from web',
			'172.17.0.2:80 --from tiny',
			'172.17.0.3:80 --from www',
			':8081 --from app',
			'127.0.0.11:53/udp --from other',
			'192.0.2.53:53/udp --from tiny',
			'127.0.0.11:53/udp --from app',
			'127.0.0.11:53/udp --from web',
			'192.0.2.53:53/udp --from www',
			'192.0.2.1:443 --from app',
			'192.0.2.1:443 --from web',
			'192.0.2.1:443 --from tiny',
			'192.0.2.1:443 --from www',
			'192.0.2.1:443 --from other',
		]);
	});

	it('only what stays on this host is sent, and only what leads out may be stopped on purpose', () => {
		const unsent = roundsOf(snapshot).filter(({isSent}) => !isSent);
		expect(unsent.map(({request}) => requestWords(request))).toEqual(words(snapshot).slice(10));
		const out = roundsOf(snapshot).filter(({aim}) => aim === 'outwards');
		expect(out.map(({request}) => requestWords(request)).every(one => one.startsWith('192.0.2.'))).toBe(true);
	});

	it.each<[string, Change, RegExp]>([
		[
			'containers of a network without icc do not ask each other',
			network('appnet', {options: noIcc}),
			/^(web:80 --from app|app:80 --from web)$/,
		],
		[
			'from an internal network nothing leads out, and not to the host',
			network('appnet', {internal: true}),
			/^(192\.0\.2\.1:443 --from (app|web)|:8081 .*)$/,
		],
		['a paused container asks for nothing', container('app', {state: 'paused'}), /^app:80 | --from app$/],
		['no name for the host, no request there', container('app', {extraHosts: []}), /^:8081/],
		['a container that has ended', container('www', {state: 'exited', published: []}), /^www:|--from www$|^172.* --from tiny$/],
	])('%s', (_, change, gone) => {
		const [before, after] = [words(snapshot), words(change(snapshot))];
		const stayed = before.filter(one => !gone.test(one));
		expect(stayed.length).toBeLessThan(before.length);
		expect(after.filter(one => gone.test(one))).toEqual([]);
		expect(after).toEqual(expect.arrayContaining(stayed));
	});
});

it('another name for the host is asked by that name', () => {
	const named = container('app', {extraHosts: ['db.lan:192.0.2.9', 'box:host-gateway']})(snapshot);
	expect(words(named)).toContain('http://box:8081/ --from app');
});

it('to one target: from the host, the LAN and a neighbour', () => {
	const rounds = roundsTo(snapshot, {kind: 'container', name: 'web', port: null, proto: 'tcp'}, null);
	expect(rounds.map(({request}) => requestWords(request))).toEqual(['web:80 --from host', 'web:80 --from lan', 'web:80 --from app']);
});

const noIcc = {'com.docker.network.bridge.enable_icc': 'false'};
