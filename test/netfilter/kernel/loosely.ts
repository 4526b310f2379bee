import {expect} from 'vitest';
import {type Compare, comparing, holdEnd, isElsewhere} from './compare.js';
import type {Met, Told} from './explained.js';
import {isUnfixed} from './unfixed-words.js';

/** Packets by what the walk said of them. */
export interface Shares {
	/** Met no rule without a fixed answer. */
	plain: number;
	/** Met one, and were told all the same: both ways end alike. */
	told: number;
	undetermined: number;
}

/**
 * Holds a walk through rules without a fixed answer against the kernel: what is certain has to be met, nothing else than what may be
 * met, and a verdict that is told holds. One that is not told names the rule and its match, and the kernel came as far as that.
 */
export function loosely(shares: Shares): Compare {
	return comparing({
		packet(told, context) {
			const open = openRules(told);
			if (open.length > 0)
				expect(
					open.some(({text}) => isUnfixed(text)),
					context(),
				).toBe(true);
			count(shares, told);
			if (told.verdict === 'undetermined') expect(namesRule(told), context()).toBe(true);
		},
		place(spot) {
			const {told, mine, kernel, where} = spot;
			const rest = aligned(mine?.met ?? [], kernel?.rules ?? []);
			expect(rest, where()).not.toBeNull();
			// Where the walk ends in a doubt, the kernel goes on.
			if (told.verdict === 'undetermined' || isElsewhere(told)) return;
			expect(rest, where()).toEqual([]);
			holdEnd(spot);
		},
	});
}

/** The rules that may have matched, and need not. */
export function openRules(told: Told): Met[] {
	return Object.values(told.in).flatMap(({met}) => met.filter(({certain}) => !certain));
}

export function count(shares: Shares, told: Told): void {
	shares[told.verdict === 'undetermined' ? 'undetermined' : openRules(told).length > 0 ? 'told' : 'plain']++;
}

/** "12 (3.4 %)", for each of them. */
export function inWords({plain, told, undetermined}: Shares): string {
	const all = plain + told + undetermined;
	const part = (number: number) => `${number} (${((100 * number) / all).toFixed(1)} %)`;
	return `of ${all} packets met none ${part(plain)}, met one and told ${part(told)}, undetermined ${part(undetermined)}`;
}

/** The reason is about a rule on the way that has no fixed answer, and says what of it. */
function namesRule({stop, lines}: Told): boolean {
	const why = stop?.why ?? '';
	const [, table, chain, rule] = /^(\S+) (\S+) rule (\d+)/.exec(why) ?? [];
	// Passed by for certain, it may have set a mark before its last match failed.
	// Chains of several namespaces have the same name.
	const named = lines.filter(one => one.includes(` ${table} ${chain} `) && one.includes(` (${rule}) `));
	return named.some(line => {
		const text = line.split(' | ')[1] ?? '';
		return isUnfixed(text) && (isUnfixed(why) || text.includes('NFQUEUE'));
	});
}

/** What is left of the kernel's rules behind those that the walk has met, in the same order; null where they do not fit. */
function aligned(met: Met[], rules: string[]): string[] | null {
	let at = 0;
	for (const {name, certain} of met) {
		if (rules[at] === name) at++;
		else if (certain) return null;
	}
	return rules.slice(at);
}
