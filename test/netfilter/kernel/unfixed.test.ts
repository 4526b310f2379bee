import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Bed, startBed} from './bed.js';
import {noTotals} from './compare.js';
import {ipsets} from './iptables-rules.js';
import {loosely, type Shares} from './loosely.js';
import {must} from './namespaces.js';
import {round} from './round.js';
import {unfixed} from './unfixed-words.js';

/** Rules without a fixed answer, apart from all others: the walk goes both ways, and says so only where they end differently. */
describe('rules without a fixed answer', () => {
	const count = Number(process.env.DOCKHOP_UNFIXED_RULESETS ?? 40);
	const from = Number(process.env.DOCKHOP_SEED ?? 1);
	const totals = noTotals();
	const shares: Shares = {plain: 0, told: 0, undetermined: 0};
	let bed: Bed;
	beforeAll(async () => {
		bed = await startBed();
		await must([...bed.enter.host, 'ipset', 'restore'], ipsets);
	});
	afterAll(() => bed?.down());

	for (let seed = from; seed < from + count; seed++) {
		test(`seed ${seed}`, async () => {
			await round(bed, seed, totals, unfixed, loosely(shares));
		});
	}

	test('the totals', () => {
		const all = shares.plain + shares.told + shares.undetermined;
		const part = (number: number) => `${number} (${((100 * number) / all).toFixed(1)} %)`;
		console.log(
			`without a fixed answer, seeds ${from} to ${from + count - 1}: of ${all} packets met none ${part(shares.plain)}, ` +
				`met one and told ${part(shares.told)}, undetermined ${part(shares.undetermined)}; ${JSON.stringify(totals)}`,
		);
		expect(shares.told).toBeGreaterThan(count);
		expect(shares.undetermined).toBeGreaterThan(count);
	});
});
