import {expect} from 'vitest';
import {comparing, isElsewhere, isTold} from './compare.js';

/** As compare, where rules of iptables-legacy stand beside those that a trace shows: a packet may end in one of them. */
export const beside = comparing({
	packet: isTold,
	place({told, mine, kernel, where}) {
		const shown = (mine?.met ?? []).filter(({backend, certain}) => certain && backend !== 'iptables-legacy').map(({name}) => name);
		const met = kernel?.rules ?? [];
		expect(isElsewhere(told) ? met.slice(0, shown.length) : met, where()).toEqual(shown);
		if (kernel?.dropped) expect(told.verdict, where()).toBe('blocks');
	},
});
