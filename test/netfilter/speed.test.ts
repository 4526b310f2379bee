import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {runHook} from '../../source/netfilter/walk.js';
import {hostWith, packet} from './dump.js';
import {manyContainers} from './many-containers.js';

test('reads the rules of a thousand containers, and walks two thousand packets through three hooks', () => {
	const dumps = manyContainers(1000);
	const began = performance.now();
	const {ruleset, gaps} = parseRulesets(dumps);
	const parsed = performance.now();
	const env = hostWith(['10.99.0.1']);
	let delivered = 0;
	for (let i = 0; i < 2000; i++) {
		const dport = 20_000 + (i % 999);
		const before = runHook(ruleset, 'prerouting', packet({dport}), env);
		const forward = runHook(ruleset, 'forward', {...before.packet, oif: 'docker0'}, env);
		const after = runHook(ruleset, 'postrouting', {...forward.packet, oif: 'docker0'}, env);
		if (before.met.some(({rewrite}) => rewrite) && after.verdict === 'accept') delivered++;
	}
	const walked = performance.now();
	expect(gaps).toEqual([]);
	expect(delivered).toBe(2000);
	// About 150 and 250 ms on two idle cores; a walk that looked at every rule, or wrote down every step, takes many times as long.
	expect(parsed - began).toBeLessThan(1500);
	expect(walked - parsed).toBeLessThan(2500);
});
