import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {runHook} from '../../source/netfilter/walk.js';
import {hostWith, packet} from './dump.js';
import {manyContainers} from './many-containers.js';

/**
 * What it costs to read the rules of a host with so many containers, each with a published port, and to walk every port from the LAN
 * and from the host, in ms. `delivered`: how many of these walks came through, as all have to.
 */
export function walkCost(containers: number): {parse: number; walks: number; paths: number; delivered: number} {
	const dumps = manyContainers(containers);
	const began = performance.now();
	const {ruleset} = parseRulesets(dumps);
	const parsed = performance.now();
	const env = hostWith(['10.99.0.1']);
	let delivered = 0;
	for (let i = 0; i < containers; i++) {
		const dport = i === 0 ? 8080 : 20_000 + i - 1;
		const before = runHook(ruleset, 'prerouting', packet({dport}), env);
		const forward = runHook(ruleset, 'forward', {...before.packet, oif: 'docker0'}, env);
		const after = runHook(ruleset, 'postrouting', {...forward.packet, oif: 'docker0'}, env);
		if (before.met.some(({rewrite}) => rewrite) && after.verdict === 'accept') delivered++;
		const own = {dport, local: true, iif: null, src: '10.99.0.1'};
		const output = runHook(ruleset, 'output', packet({...own, oif: 'lo'}), env);
		const out = runHook(ruleset, 'postrouting', {...output.packet, oif: 'docker0'}, env);
		if (output.met.some(({rewrite}) => rewrite) && out.verdict === 'accept') delivered++;
	}
	return {parse: parsed - began, walks: performance.now() - parsed, paths: 2 * containers, delivered};
}
