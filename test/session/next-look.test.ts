import {expect, test} from 'vitest';
import type {Container} from '../../source/model/index.js';
import {nextLook} from '../../source/session/next-look.js';
import {containersOf} from '../engine-json/answers.js';

const now = Date.parse('2026-01-01T00:01:00Z');
const [running] = containersOf('docker-28.5').filter(({state}) => state === 'running');

function started(secondsAgo: number, given: Partial<Container> = {}): Container {
	if (!running) throw new Error('no container runs');
	return {...running, startedAt: new Date(now - secondsAgo * 1000).toISOString(), ...given};
}

test.each([
	[0, 1000],
	[0.98, 2020],
	[1, 2000],
	[3, 5000],
	[7.5, 500],
	[8, null],
	[3600, null],
	[-3600, null],
])('a container that was started %d s ago', (ago, wait) => {
	expect(nextLook([started(ago)], now)).toBe(wait);
});

test('the next of several counts; one that does not run does not', () => {
	expect(nextLook([started(1.5), started(100), started(0.5)], now)).toBe(500);
	expect(nextLook([started(0.5, {state: 'exited'}), started(0.5, {startedAt: null})], now)).toBeNull();
	expect(nextLook([], now)).toBeNull();
});
