import {expect, test} from 'vitest';
import {walkCost} from './walk-cost.js';

test('reads the rules of a thousand containers, and walks every published port from the LAN and from the host', () => {
	const {parse, walks, paths, delivered} = walkCost(1000);
	expect(delivered).toBe(paths);
	// About 150 and 250 ms on two idle cores; a walk that looked at every rule, or wrote down every step, takes many times as long.
	expect(parse).toBeLessThan(1500);
	expect(walks).toBeLessThan(2500);
});

test('twice the containers cost about twice as much', () => {
	walkCost(100);
	const [few, many] = [walkCost(500), walkCost(2000)];
	expect(many.walks).toBeLessThan(Math.max(200, few.walks * 16));
});
