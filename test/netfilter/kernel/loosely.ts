import {expect} from 'vitest';
import {type compare, report, type Totals, type Windows} from './compare.js';
import type {Met, Told} from './explained.js';
import type {Sent} from './packets.js';
import type {Role} from './trace.js';
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
export function loosely(shares: Shares): typeof compare {
	return (one, walk, reached, windows, totals, about) => {
		const context = () => report(one, walk, windows, about);
		totals.packets++;
		for (const [role, told] of Object.entries(walk.told) as [Role, Told][]) {
			const met = Object.values(told.in).flatMap(place => place.met);
			const open = met.filter(({certain}) => !certain);
			if (open.length > 0)
				expect(
					open.some(({text}) => isUnfixed(text)),
					context(),
				).toBe(true);
			shares[told.verdict === 'undetermined' ? 'undetermined' : open.length > 0 ? 'told' : 'plain']++;
			if (told.verdict === 'undetermined') {
				totals.undetermined++;
				expect(namesRule(told), context()).toBe(true);
			}
			holdPlaces(one, role, told, windows, totals, context);
		}
		if (walk.answered !== null) expect(reached, context()).toBe(walk.answered);
		if (reached) totals.answered++;
	};
}

/** The reason is about a rule on the way that has no fixed answer, and says what of it. */
function namesRule({stop, lines}: Told): boolean {
	const why = stop?.why ?? '';
	const [, table, chain, rule] = /^(\S+) (\S+) rule (\d+)/.exec(why) ?? [];
	// Passed by for certain, it may have set a mark before its last match failed.
	const line = lines.find(one => one.includes(` ${table} ${chain} `) && one.includes(` (${rule}) `));
	const text = line?.split(' | ')[1] ?? '';
	return isUnfixed(text) && (isUnfixed(why) || text.includes('NFQUEUE'));
}

function holdPlaces(one: Sent, role: Role, told: Told, windows: Windows, totals: Totals, context: () => string): void {
	if (told.verdict === 'blocks') totals.stopped++;
	for (const [place, window] of windows) {
		const kernel = window[role];
		const mine = told.in[place];
		if (!kernel && !mine) continue;
		totals.compared++;
		totals.protocols[one.proto] = (totals.protocols[one.proto] ?? 0) + 1;
		const where = () => `${role} in ${place}\n${context()}`;
		const rest = aligned(mine?.met ?? [], kernel?.rules ?? []);
		expect(rest, where()).not.toBeNull();
		// Where the walk ends in a doubt, the kernel goes on.
		if (told.verdict === 'undetermined' || told.stop?.cause === 'misrouted') continue;
		expect(rest, where()).toEqual([]);
		const dropped = told.verdict === 'blocks' && told.stop?.of === place && told.stop.kind === 'netfilter' && told.stop.name !== 'answer';
		expect(kernel?.droppedIn ?? null, where()).toEqual(dropped ? expect.any(String) : null);
		const tuples = mine?.tuples ?? [];
		if (kernel) expect(kernel.tuples, where()).toEqual(told.verdict === 'blocks' ? tuples.slice(0, kernel.tuples.length) : tuples);
	}
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
