import {describe, expect, test} from 'vitest';
import {Choices} from './choices.js';
import {comparing, holdDrop, holdEnd, isElsewhere, noTotals} from './compare.js';
import {count, inWords, openRules, type Shares} from './loosely.js';
import {load} from './namespaces.js';
import {packets} from './packets.js';
import {tiedRules} from './tied-rules.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';

/** Random rules with chains of equal priority in several tables, made in another order than that in which they are listed. */
describe('chains of equal priority, at random', () => {
	const rulesets = Number(process.env.DOCKHOP_TIED_RULESETS ?? 40);
	const from = Number(process.env.DOCKHOP_SEED ?? 1);
	const totals = noTotals();
	const shares: Shares = {plain: 0, told: 0, undetermined: 0};
	const theBed = withBed();

	/** What is told holds; certain rules are met, and no rule that cannot be. Nothing else is open than the order. */
	const inSomeOrder = comparing({
		packet(told, context) {
			count(shares, told);
			if (told.verdict === 'undetermined') expect(told.stop?.why, context()).toMatch(/ have the same priority: /);
			for (const {line} of openRules(told))
				expect(line, context()).toMatch(/equal priority comes first|did not decide|depends on a rule before/);
		},
		place(spot) {
			const {told, mine, kernel, where} = spot;
			const met = new Set(kernel?.rules ?? []);
			const possible = new Set((mine?.met ?? []).map(({name}) => name));
			if (isElsewhere(told)) return;
			expect(
				(mine?.met ?? []).filter(({name, certain}) => certain && !met.has(name)),
				where(),
			).toEqual([]);
			if (told.verdict === 'undetermined') return;
			expect(
				[...met].filter(name => !possible.has(name)),
				where(),
			).toEqual([]);
			if (told.verdict !== 'blocks') return holdEnd(spot);
			holdDrop(spot);
			// Each way may have rewritten it differently before it was stopped: then no address behind is told.
			const [tuples, seen] = [mine?.tuples ?? [], kernel?.tuples ?? []];
			const common = Math.min(tuples.length, seen.length);
			expect(seen.slice(0, common), where()).toEqual(tuples.slice(0, common));
		},
	});

	for (let seed = from; seed < from + rulesets; seed++) {
		test(`seed ${seed}`, async () => {
			const bed = theBed();
			const choices = new Choices(seed);
			await bed.clear();
			await bed.route({
				commands: [],
				sysctls: ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', 'net.ipv4.conf.all.rp_filter=0'],
			});
			const loaded = await load([...bed.enter.host, 'nft', '-f', '-'], tiedRules(choices));
			const about = [`seed ${seed}`, ...(process.env.DOCKHOP_SHOW_RULES ? [loaded] : [])].join('\n');
			await trial(bed, ['host'], packets(choices, 12, 20_000 + (seed % 1000) * 12), totals, about, inSomeOrder);
		});
	}

	test('the totals', () => {
		console.log(`equal priorities, seeds ${from} to ${from + rulesets - 1}: ${inWords(shares)}; ${JSON.stringify(totals)}`);
		expect(shares.told).toBeGreaterThan(rulesets / 4);
		expect(shares.undetermined).toBeGreaterThan(rulesets / 10);
		expect(shares.undetermined).toBeLessThan(shares.plain);
	});
});
