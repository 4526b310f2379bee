import {expect, test} from 'vitest';
import {flowCost} from './flow-cost.js';

test('explains whole requests to every published port of a host with hundreds of containers, and twice as many cost about twice as much', () => {
	flowCost(50);
	const [few, many] = [flowCost(200), flowCost(800)];
	for (const one of [few, many]) expect(one.delivered).toBe(one.paths);
	// Four times the containers are four times the requests. What looked at every rule or link for each of them would take sixteen times as long.
	expect(many.flows).toBeLessThan(few.flows * 9);
	// About 40 and 500 ms on an idle core.
	expect(many.parse).toBeLessThan(1000);
	expect(many.flows).toBeLessThan(5000);
});
