import type {Gap, Hook} from '../model/index.js';
import type {Chain, Layer, Ruleset} from './model.js';

/** One thing that happens to a packet at a hook. */
export type Single =
	/** perhaps: why it cannot be told whether the packet meets it. */
	| {kind: 'chain'; chain: Chain; perhaps?: Gap}
	/** Conntrack looks the packet up, or begins an entry. */
	| {kind: 'conntrack'}
	/** Address translation: the nat chains are asked for the first packet of a connection only. */
	| {kind: 'nat'; manip: 'src' | 'dst'; chains: (Chain | Tied<Chain>)[]};

export type Stage = Single | ({kind: 'tied'} & Tied<Single>);

/** Of equal priority: those of a line one after another, lines in any order between each other. */
export interface Tied<T> {
	lines: T[][];
	/** Why what comes of it cannot be told, where that depends on the order. */
	doubt: Gap;
}

/** A hook as the rules of a namespace have made it. */
export interface Plan {
	stages: readonly Stage[];
	/** Rules of it that exist, or may, but were not read; null: all were. */
	unread: Gap | null;
	/** Whether any chain is there. */
	hasChains: boolean;
}

/** What a hook is made of: looked up once, for most hooks of most namespaces hold nothing and are passed a hundred times. */
export function planOf(ruleset: Ruleset, hook: Hook, layer: Layer): Plan {
	let plans = known.get(ruleset);
	if (!plans) {
		plans = {4: {}, 6: {}, bridge: {}};
		known.set(ruleset, plans);
	}
	const ofLayer = plans[layer];
	ofLayer[hook] ??= makePlan(ruleset, hook, layer);
	return ofLayer[hook];
}

const known = new WeakMap<Ruleset, Record<Layer, Partial<Record<Hook, Plan>>>>();

function makePlan(ruleset: Ruleset, hook: Hook, layer: Layer): Plan {
	const stages = order(ruleset, hook, layer);
	const hasChains = stages.some(stage => (stage.kind === 'nat' ? stage.chains.length > 0 : stage.kind !== 'conntrack'));
	return {stages, unread: ruleset.unread.find(one => one.families.includes(layer))?.gap ?? null, hasChains};
}

/**
 * What happens at a hook, in order of priority (netfilter(7) hooks; enum nf_ip_hook_priorities). Conntrack stands at -200 of
 * prerouting and output, address translation at -100 (destination) or 100 (source); the priority of a nat chain orders it among
 * its kind only (nf_nat_inet_fn). Of equal priorities the one registered last comes first (nf_hook_entries_grow): within a table of nft
 * that is the later one in its dump, between tables no dump says it.
 */
function order(ruleset: Ruleset, hook: Hook, layer: Layer): Stage[] {
	const chains = ruleset.tables
		.filter(({family}) => familiesOf(hook, layer).includes(family))
		.flatMap(({chains}) => [...chains.values()])
		.filter(({base}) => base?.hook === hook)
		.reverse();
	const nat = layer !== 'bridge' && hook !== 'forward' && !isOfDevice(hook);
	const manip = hook === 'prerouting' || hook === 'output' ? 'dst' : 'src';
	const placed: Placed<Single>[] = [];
	if (nat && manip === 'dst') placed.push({at: -200, of: 'conntrack', what: {kind: 'conntrack'}});
	if (nat) {
		const translating = chains.filter(({base}) => base?.type === 'nat').map(chain => ({at: priority(chain), of: chain.table, what: chain}));
		const turns = inTurn(translating).flatMap((lines): (Chain | Tied<Chain>)[] =>
			lines.length === 1 ? lines.flat() : [tied(lines, chainName)],
		);
		placed.push({at: manip === 'dst' ? -100 : 100, of: 'nat', what: {kind: 'nat', manip, chains: turns}});
	}
	for (const chain of chains)
		if (!nat || chain.base?.type !== 'nat') placed.push({at: priority(chain), of: chain.table, what: {kind: 'chain', chain}});
	return inTurn(placed).flatMap((lines): Stage[] => (lines.length === 1 ? lines.flat() : [{kind: 'tied', ...tied(lines, stageName)}]));
}

interface Placed<T> {
	at: number;
	/** What it was registered with. */
	of: unknown;
	what: T;
}

/** By priority; those of an equal one in lines, each of what was registered together. */
function inTurn<T>(placed: Placed<T>[]): T[][][] {
	const turns = [...Map.groupBy(placed, ({at}) => at)].sort(([a], [b]) => a - b);
	return turns.map(([, equal]) => [...Map.groupBy(equal, ({of}) => of).values()].map(line => line.map(({what}) => what)));
}

function tied<T>(lines: T[][], nameOf: (one: T) => string): Tied<T> {
	const names = lines.flat().map(nameOf).join(', ');
	const why = `${names} have the same priority: the one made last comes first, no dump says which that is, and it matters here`;
	return {lines, doubt: {id: 'chain-order', why, tell: 'nft list hooks (where the kernel can say it), or a trace of a real request'}};
}

function stageName(stage: Single): string {
	if (stage.kind === 'chain') return chainName(stage.chain);
	return stage.kind === 'nat' ? 'address translation' : 'connection tracking';
}

function chainName({name, table}: Chain): string {
	return `${table.family} ${table.name} ${name}${table.backend === 'iptables-legacy' ? ' (iptables-legacy)' : ''}`;
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
