import {describe, expect, test} from 'vitest';
import {noTotals} from './compare.js';
import {inWords, loosely, type Shares} from './loosely.js';
import {round} from './round.js';
import {unfixed} from './unfixed-words.js';
import {withBed} from './with-bed.js';

/** Rules without a fixed answer, apart from all others: the walk goes both ways, and says so only where they end differently. */
describe('rules without a fixed answer', () => {
	const count = Number(process.env.DOCKHOP_UNFIXED_RULESETS ?? 40);
	const from = Number(process.env.DOCKHOP_SEED ?? 1);
	const totals = noTotals();
	const shares: Shares = {plain: 0, told: 0, undetermined: 0};
	const theBed = withBed();

	for (let seed = from; seed < from + count; seed++) {
		test(`seed ${seed}`, async () => {
			await round(theBed(), seed, totals, unfixed, loosely(shares));
		});
	}

	test('the totals', () => {
		console.log(`without a fixed answer, seeds ${from} to ${from + count - 1}: ${inWords(shares)}; ${JSON.stringify(totals)}`);
		expect(shares.told).toBeGreaterThan(count);
		expect(shares.undetermined).toBeGreaterThan(count);
	});
});
