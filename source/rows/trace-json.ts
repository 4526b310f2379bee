import type {ProbeResult} from '../model/index.js';
import type {Proof} from '../proof/proof.js';
import {flowDocument} from './json.js';

/** The document of `trace --json`: the flow with what was seen on each hop. probe null: a client elsewhere sent the request. */
export function traceDocument(proof: Proof, probe: ProbeResult | null): object {
	const {path, explained, observed, reply, agreement, differs, latency, repeated, witnesses, says, notSeen} = proof;
	const flow = flowDocument(path, {rules: false, reply: path.lost === 'answer' || reply.some(({seen}) => seen !== null)}) as Flow;
	return {
		...flow,
		hops: flow.hops.map((hop, index) => ({...hop, observed: observed[index]})),
		reply: flow.reply && {...flow.reply, hops: flow.reply.hops.map((hop, index) => ({...hop, observed: reply[index]}))},
		explained,
		agreement,
		differs,
		latency: {stages: latency.stages, total: latency.total, hops: latency.hops},
		repeated,
		witnesses,
		observation: says,
		notSeen,
		probe,
	};
}

interface Flow {
	hops: object[];
	reply: {hops: object[]} | null;
}
