import {describe, expect, test} from 'vitest';
import type {Path} from '../../source/model/index.js';
import {pathOn, recorded, withRule} from './recorded.js';

describe.each(['20', '26', '28'])('findings on the recording of engine %s', engine => {
	test.each([
		['www:80', 'lan'],
		['www:80', 'host'],
		['web:80', 'app'],
	])('%s from %s arrives: no finding', async (target, from) => {
		const path = pathOn(await recorded(engine), target, from);
		expect(path.verdict).toBe('delivered');
		expect(path.findings).toEqual([]);
	});

	test('a rule that drops it: an error at that hop, with its evidence and a command', async () => {
		const snapshot = withRule(await recorded(engine), '-A DOCKER-USER -i eth0 -j DROP');
		const path = pathOn(snapshot, 'www:80', 'lan');
		const [finding, ...more] = path.findings;
		expect(more).toEqual([]);
		expect(finding).toMatchObject({id: 'dropped', severity: 'error', hop: path.blockedAt});
		expect(finding?.remedy).toMatch(/^iptables -t filter -I DOCKER-USER 1 -i eth0 -d 172\.17\.0\.\d+ -p tcp --dport 80 -j ACCEPT$/);
		expect(finding?.evidence.some(({fact}) => fact.includes('-i eth0 -j DROP'))).toBe(true);
	});

	test('two faults at once: both are found, what decides first', async () => {
		const snapshot = withRule(await recorded(engine), '-A DOCKER-USER -i eth0 -j DROP');
		const found = ids(pathOn(snapshot, 'tiny:81', 'lan'));
		expect(found.filter(one => one.endsWith('error'))).toHaveLength(1);
		expect(found.map(one => one.split(' ')[0])).toContain('dropped');
		expect(found.at(-1)).toBe('wrong-port warning');
	});
});

function ids({findings}: Path): string[] {
	return findings.map(({id, severity}) => `${id} ${severity}`);
}
