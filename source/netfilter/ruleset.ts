import type {Gap, Group, Rulesets} from '../model/index.js';
import {clean} from '../text/clean.js';
import {type IpSet, parseIpsets} from './ipset.js';
import {parseIptablesSave, type SaveContext} from './iptables-save.js';
import type {Layer, Ruleset, Table} from './model.js';
import {nativeTable, parseNftJson, type RawTable} from './nft-json.js';

export type {Ruleset} from './model.js';

/**
 * All dumps of one namespace as one model. Tables of iptables (nft variant) stand in two dumps: their rules are taken from
 * iptables-save, which has every match in full, their handles and hooks from nft. What could not be read, or is cut off, is a gap,
 * and every hook that it may concern stays undetermined.
 */
export function parseRulesets(rulesets: Rulesets): {ruleset: Ruleset; gaps: Gap[]} {
	const known = parsedRulesets.get(rulesets);
	if (known) return known;
	const text = shortText(rulesets);
	const reading = (text !== null && parsedTexts.get(text)) || read(rulesets);
	parsedRulesets.set(rulesets, reading);
	// A gap names the command of its own namespace.
	if (text !== null && reading.gaps.length === 0 && parsedTexts.size < mostTexts) parsedTexts.set(text, reading);
	return reading;
}

const parsedRulesets = new WeakMap<Rulesets, {ruleset: Ruleset; gaps: Gap[]}>();

/** Most namespaces of containers have no rules: what many have alike is parsed once. */
const parsedTexts = new Map<string, {ruleset: Ruleset; gaps: Gap[]}>();
const mostTexts = 100;

/** All dumps as one text; null where that is long, or one was not read. */
function shortText({iptables, ip6tables, iptablesLegacy, ip6tablesLegacy, nft, ipsets}: Rulesets): string | null {
	let text = '';
	for (const group of [iptables, ip6tables, iptablesLegacy, ip6tablesLegacy, nft, ipsets]) {
		if (!group.read || group.value.length > 1000) return null;
		text += `${group.value}\0`;
	}
	return text;
}

function read(rulesets: Rulesets): {ruleset: Ruleset; gaps: Gap[]} {
	const ipsets = readGroup(rulesets.ipsets, 'ipset save', parseIpsets);
	const sets = {ipsets: 'value' in ipsets ? ipsets.value.sets : new Map<string, IpSet>(), ipsetGap: 'gap' in ipsets ? ipsets.gap : null};
	const save = (group: Group<string>, what: string, context: Omit<SaveContext, 'ipsets' | 'ipsetGap'>) =>
		readGroup(group, what, text => parseIptablesSave(text, {...context, ...sets}));
	const nft = readGroup(rulesets.nft, 'nft -j list ruleset', parseNftJson);
	const variants = [
		{layer: 4, dump: save(rulesets.iptables, 'iptables-save', {family: 'ip', backend: 'iptables'})},
		{layer: 6, dump: save(rulesets.ip6tables, 'ip6tables-save', {family: 'ip6', backend: 'iptables'})},
	] as const;
	const legacy = [
		{layer: 4, dump: save(rulesets.iptablesLegacy, 'iptables-legacy-save', {family: 'ip', backend: 'iptables-legacy'})},
		{layer: 6, dump: save(rulesets.ip6tablesLegacy, 'ip6tables-legacy-save', {family: 'ip6', backend: 'iptables-legacy'})},
	] as const;
	const unread: Ruleset['unread'] = [];
	const tables: Table[] = [];
	const saved = variants.flatMap(({dump}) => ('value' in dump ? dump.value.tables : []));
	if ('value' in nft) {
		for (const table of saved) {
			const why = differing(
				table,
				nft.value.find(({family, name}) => family === table.family && name === table.name),
			);
			if (why) unread.push({families: [table.family === 'ip' ? 4 : 6], gap: {id: 'read-failed', why, tell: 'nft list ruleset'}});
		}
		tables.push(...nft.value.flatMap(raw => joined(raw, saved)));
	} else {
		// Without nft's own list the built-in chains count as hooked in, and native tables stay unknown.
		tables.push(...saved);
		unread.push({families: everyLayer, gap: nft.gap});
		for (const {layer, dump} of variants) if ('gap' in dump) unread.push({families: [layer], gap: dump.gap});
	}
	for (const {layer, dump} of legacy) {
		if ('value' in dump) tables.push(...dump.value.tables);
		else unread.push({families: [layer], gap: dump.gap});
	}
	const gaps = [...unread.map(({gap}) => gap), ...(sets.ipsetGap ? [sets.ipsetGap] : [])];
	return {ruleset: {tables, unread}, gaps};
}

const everyLayer: readonly Layer[] = [4, 6, 'bridge'];

/** A table of nft; where iptables-save has it too, with the rules from there and nft's handles, hooks and priorities. */
function joined(raw: RawTable, saved: Table[]): Table[] {
	const table = saved.find(({family, name}) => family === raw.family && name === raw.name);
	if (!table) return [nativeTable(raw)];
	// Neither of them is known to be whole: what either says is not certain.
	if (differing(table, raw)) return [];
	for (const [name, {base, rules}] of raw.chains) {
		const chain = table.chains.get(name);
		if (!chain) continue;
		chain.rules = chain.rules.map((rule, index) => ({...rule, handle: rules[index]?.handle ?? null}));
		chain.base = raw.dormant ? null : base;
	}
	// iptables-save prints built-in chains also where the kernel has none.
	for (const chain of table.chains.values()) if (!raw.chains.has(chain.name)) chain.base = null;
	return [table];
}

/**
 * Why the two dumps of a table cannot be of the same rules: they changed between the two readings, or a part of one is missing. null
 * where they fit: chain by chain they have the same number of rules (iptables-save has built-in chains that the kernel does not).
 */
function differing(table: Table, raw: RawTable | undefined): string | null {
	const names = new Set([...table.chains.keys(), ...(raw?.chains.keys() ?? [])]);
	for (const name of names) {
		const chain = table.chains.get(name);
		const rules = raw?.chains.get(name)?.rules;
		const [saved, listed] = [chain?.rules.length ?? 0, rules?.length ?? 0];
		const onlyListed = chain === undefined && rules !== undefined;
		const isLost = rules === undefined && chain?.base?.policy === 'drop';
		if (saved !== listed || onlyListed || isLost)
			return `the dumps of ${table.family} ${table.name} ${name} do not fit: iptables-save has ${saved} rules, nft ${listed}; they changed meanwhile, or a part is missing`;
	}
	return null;
}

type Reading<T> = {value: T} | {gap: Gap};

function readGroup<T>(group: Group<string>, what: string, parse: (text: string) => T): Reading<T> {
	if (!group.read) return {gap: group.gap};
	try {
		return {value: parse(group.value)};
	} catch (error) {
		return {gap: {id: 'read-failed', why: `${what}: ${clean((error as Error).message)}`, tell: group.command}};
	}
}
