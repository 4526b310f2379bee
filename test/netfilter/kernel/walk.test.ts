import {describe, expect, test} from 'vitest';
import {noTotals} from './compare.js';
import {round} from './round.js';
import {withBed} from './with-bed.js';

/**
 * The kernel is the oracle: for random rules, routes and switches, the walk names the rules that `nft monitor trace` names in each
 * namespace, the same addresses, and the same end. DOCKHOP_RULESETS and DOCKHOP_SEED make the run longer or another one.
 */
describe('the walk agrees with the kernel', () => {
	const count = Number(process.env.DOCKHOP_RULESETS ?? 200);
	const from = Number(process.env.DOCKHOP_SEED ?? 1);
	const theBed = withBed();
	const totals = noTotals();

	for (let seed = from; seed < from + count; seed++) {
		test(`seed ${seed}`, async () => {
			await round(theBed(), seed, totals);
		}, 60_000);
	}

	test('every kind of match, target and route was met', async () => {
		// A few rulesets have not everything; where the usual number happens to lack something, a few more are made.
		if (count < 200) return;
		for (let extra = 0; extra < 60 && totals.coverage.missing().length > 0; extra++) await round(theBed(), from + count + extra, totals);
		expect(totals.coverage.missing()).toEqual([]);
	}, 120_000);

	test('the totals', () => {
		console.log(`seeds ${from} to ${from + count - 1}: ${JSON.stringify(totals)}\npackets that met them:\n${totals.coverage.table()}`);
		expect(totals.undetermined).toBe(0);
		expect(totals.compared).toBeGreaterThan(count * 10);
	});
});
