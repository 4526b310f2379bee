import type {Hook} from '../model/index.js';
import type {Chain, Layer, Ruleset} from './model.js';

/** One thing that happens to a packet at a hook. */
export type Stage =
	| {kind: 'chain'; chain: Chain}
	/** Conntrack looks the packet up, or begins an entry. */
	| {kind: 'conntrack'}
	/** Address translation: the nat chains are asked for the first packet of a connection only. */
	| {kind: 'nat'; manip: 'src' | 'dst'; chains: Chain[]};

/**
 * What happens at a hook, in order of priority (netfilter(7) hooks; enum nf_ip_hook_priorities). Conntrack stands at -200 of
 * prerouting and output, address translation at -100 (destination) or 100 (source); the priority of a nat chain orders it among
 * its kind only (nf_nat_inet_fn). Of equal priorities the one registered last comes first (nf_hook_entries_grow).
 */
export function stagesOf(ruleset: Ruleset, hook: Hook, layer: Layer): Stage[] {
	const byHook = known.get(ruleset) ?? new Map<string, Stage[]>();
	known.set(ruleset, byHook);
	const key = `${hook} ${layer}`;
	const stages = byHook.get(key) ?? order(ruleset, hook, layer);
	byHook.set(key, stages);
	return stages;
}

const known = new WeakMap<Ruleset, Map<string, Stage[]>>();

function order(ruleset: Ruleset, hook: Hook, layer: Layer): Stage[] {
	const chains = ruleset.tables
		.filter(({family}) => familiesOf(hook, layer).includes(family))
		.flatMap(({chains}) => [...chains.values()])
		.filter(({base}) => base?.hook === hook)
		.reverse();
	const nat = layer !== 'bridge' && hook !== 'forward' && !isOfDevice(hook);
	const manip = hook === 'prerouting' || hook === 'output' ? 'dst' : 'src';
	const placed: {at: number; stage: Stage}[] = [];
	if (nat && manip === 'dst') placed.push({at: -200, stage: {kind: 'conntrack'}});
	if (nat)
		placed.push({
			at: manip === 'dst' ? -100 : 100,
			stage: {kind: 'nat', manip, chains: sorted(chains.filter(({base}) => base?.type === 'nat'))},
		});
	for (const chain of chains) if (!nat || chain.base?.type !== 'nat') placed.push({at: priority(chain), stage: {kind: 'chain', chain}});
	return placed.sort((a, b) => a.at - b.at).map(({stage}) => stage);
}

function sorted(chains: Chain[]): Chain[] {
	return chains.sort((a, b) => priority(a) - priority(b));
}

function priority({base}: Chain): number {
	return base?.priority ?? 0;
}

function familiesOf(hook: Hook, layer: Layer): string[] {
	if (isOfDevice(hook)) return ['netdev', 'inet'];
	return layer === 'bridge' ? ['bridge'] : [layer === 4 ? 'ip' : 'ip6', 'inet'];
}

/** Hooks that belong to a device, not to a protocol. */
export function isOfDevice(hook: Hook): boolean {
	return hook === 'ingress' || hook === 'egress';
}
