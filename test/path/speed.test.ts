import {expect, test} from 'vitest';
import {flowCost} from './flow-cost.js';

test('explains whole requests to every published port of a host with hundreds of containers, and four times as many cost about four times as much', () => {
	flowCost(50);
	const [few, many] = [flowCost(75), flowCost(300)];
	for (const one of [few, many]) expect(one.delivered).toBe(one.paths);
	// What looked at every rule or link for each request would take sixteen times as long.
	expect(many.flows).toBeLessThan(few.flows * 9);
	// About 15 and 200 ms on an idle core.
	expect(many.parse).toBeLessThan(1000);
	expect(many.flows).toBeLessThan(5000);
});
