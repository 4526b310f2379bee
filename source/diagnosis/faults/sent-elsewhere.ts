import {canonical} from '../../address/ip.js';
import type {Hop, Step} from '../../model/index.js';
import type {Fault} from '../fault.js';
import {endpointsOf, targetOf} from '../inventory.js';
import {withoutRule} from '../stop.js';

/** A rule of address translation sends the request to somebody else than the container that it is for. */
export const sentElsewhere: Fault = {
	id: 'sent-elsewhere',
	words: {
		title: 'a rule sends the request to somebody else',
		about:
			'A rule of address translation (DNAT or REDIRECT) rewrites the request to an address or a port that is not the container that was asked for.',
		more: ['It stands before the rule of the engine, or it is a rule of the engine for a container that is gone.'],
		see: [['iptables -t nat -nvL --line-numbers', 'the rule, and where its DNAT leads']],
		todo: ['Take the rule away, or let it match less.'],
	},
	atStop(stop) {
		const target = targetOf(stop);
		const own = target && endpointsOf(stop.snapshot, target).flatMap(({address, address6}) => [address, address6]);
		if (!target || !own || own.length === 0) return null;
		const known = new Set(own.flatMap(address => (address === null ? [] : [canonical(address)])));
		for (const hop of stop.path.hops.slice(0, stop.index)) {
			const step = hop.kind === 'netfilter' ? rewriting(hop) : null;
			const after = hop.packetAfter;
			if (!step || !after || (after.dst === hop.packet.dst && after.dport === hop.packet.dport)) continue;
			if (known.has(canonical(after.dst))) continue;
			const rule = `${step.table} ${step.chain} rule ${step.rule}`;
			return {
				summary: `${rule} sends the request to ${after.dst}${after.dport === null ? '' : `:${after.dport}`}, which is not ${target.name}`,
				remedy: withoutRule({snapshot: stop.snapshot, hop}, step),
			};
		}
		return null;
	},
};

function rewriting({steps}: Hop): Step | null {
	return (
		steps.findLast(
			({rewrite, rule}) =>
				rule !== null && rewrite !== null && (rewrite.after.dst !== rewrite.before.dst || rewrite.after.dport !== rewrite.before.dport),
		) ?? null
	);
}
