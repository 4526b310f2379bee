import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {explain} from '../../source/path/explain.js';
import {cpuTime} from '../cpu-time.js';
import {hostOfMany} from './many-containers.js';

/** What it costs to explain requests to every published port of a host; times in ms of CPU. */
export interface FlowCost {
	containers: number;
	/** To read the rules. */
	parse: number;
	/** To explain all requests. */
	flows: number;
	/** Requests: one from the LAN and one from the host to each port. */
	paths: number;
	/** How many come through, as all have to. */
	delivered: number;
}

/** Explains them whole: every hop in every namespace, the answer, and what follows; for so many containers with a published port each. */
export function flowCost(containers: number): FlowCost {
	const snapshot = hostOfMany(containers);
	const parse = cpuTime(() => parseRulesets(snapshot.host.rulesets));
	let delivered = 0;
	const flows = cpuTime(() => {
		for (let i = 0; i < containers; i++) {
			const port = i === 0 ? 8080 : 20_000 + i - 1;
			for (const kind of ['lan', 'host'] as const) {
				const target = {kind: 'address', address: '10.99.0.1', port, proto: 'tcp'} as const;
				const explanation = explain(snapshot, {target, origin: {kind, address: null}, family: null});
				if ('usage' in explanation) throw new Error(explanation.usage);
				if (explanation.path.verdict === 'delivered') delivered++;
			}
		}
	});
	return {containers, parse, flows, paths: 2 * containers, delivered};
}
