import {expect} from 'vitest';
import {type compare, report} from './compare.js';
import type {Explained} from './explained.js';
import type {Role} from './trace.js';

/** As compare, where rules of iptables-legacy stand beside those that a trace shows: a packet may end in one of them. */
export const beside: typeof compare = (one, walk, reached, windows, totals, about) => {
	const context = () => report(one, walk, windows, about);
	totals.packets++;
	for (const [role, told] of Object.entries(walk.told) as [Role, NonNullable<Explained['told'][Role]>][]) {
		if (told.verdict === 'undetermined') totals.undetermined++;
		expect(told.verdict === 'undetermined' ? told.stop : null, context()).toBe(null);
		for (const [place, window] of windows) {
			const kernel = window[role];
			const mine = told.in[place];
			if (!kernel && !mine) continue;
			totals.compared++;
			const shown = (mine?.met ?? []).filter(({backend, certain}) => certain && backend !== 'iptables-legacy').map(({name}) => name);
			const elsewhere = told.stop?.cause === 'misrouted';
			expect(elsewhere ? (kernel?.rules ?? []).slice(0, shown.length) : (kernel?.rules ?? []), `${role} in ${place}\n${context()}`).toEqual(
				shown,
			);
			if (kernel?.dropped) expect(told.verdict, context()).toBe('blocks');
			if (told.verdict === 'blocks') totals.stopped++;
		}
	}
	if (walk.answered !== null) expect(reached, context()).toBe(walk.answered);
	if (reached) totals.answered++;
};
