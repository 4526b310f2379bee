import type {Hook} from '../model/index.js';
import {clean} from '../text/clean.js';
import type {Base, Chain, Table} from './model.js';
import {isLimited, type NamedSet} from './nft/context.js';
import {asList, asNumber, asObject, asString, type Json, onlyKey} from './nft/json.js';
import {nativeRule} from './nft/rule.js';

/** A rule of `nft -j` before it is understood: tables of iptables are read elsewhere, and lend only their handles. */
export interface RawRule {
	handle: number | null;
	comment: string | null;
	expressions: Json[];
}

export interface RawTable {
	family: string;
	name: string;
	/** Its chains hook in nowhere. */
	dormant: boolean;
	chains: Map<string, {base: Base | null; rules: RawRule[]}>;
	sets: Map<string, NamedSet>;
}

/** The tables of `nft -j list ruleset` in the kernel's order. Throws where it is no such document: the message says where. */
export function parseNftJson(text: string): RawTable[] {
	const list = asObject(parsed(text))?.nftables;
	if (!Array.isArray(list)) throw new Error('no list "nftables"');
	const tables = new Map<string, RawTable>();
	for (const [index, item] of list.entries()) {
		const [kind, value] = onlyKey(item) ?? ['', null];
		const object = asObject(value);
		if (!object) throw new Error(`entry ${index + 1} is not understood`);
		const read = readers[kind];
		if (read && !read(object, tables)) throw new Error(`entry ${index + 1} (${clean(kind, 20)}) is not understood`);
	}
	return [...tables.values()];
}

/** The same table with its rules understood. */
export function nativeTable(raw: RawTable): Table {
	const table: Table = {family: raw.family, name: raw.name, backend: 'nft', chains: new Map()};
	const context = {family: raw.family, table: raw.name, sets: raw.sets};
	for (const [name, {base, rules}] of raw.chains) {
		const chain: Chain = {name, table, base: raw.dormant ? null : base, rules: []};
		chain.rules = rules.map((rule, index) => nativeRule(chain, index + 1, rule, context));
		table.chains.set(name, chain);
	}
	return table;
}

type Reader = (object: {[key: string]: Json}, tables: Map<string, RawTable>) => boolean;

const readers: Record<string, Reader> = {
	table({family, name, flags}, tables) {
		if (typeof family !== 'string' || typeof name !== 'string') return false;
		const dormant = asList(flags).includes('dormant');
		tables.set(`${family} ${name}`, {family: clean(family), name: clean(name), dormant, chains: new Map(), sets: new Map()});
		return true;
	},
	chain(object, tables) {
		const table = tables.get(`${asString(object.family)} ${asString(object.table)}`);
		const name = asString(object.name);
		if (!table || name === null) return false;
		const base = object.hook === undefined ? null : baseOf(object);
		if (base === undefined) return false;
		table.chains.set(clean(name), {base, rules: []});
		return true;
	},
	rule(object, tables) {
		const table = tables.get(`${asString(object.family)} ${asString(object.table)}`);
		const chain = table?.chains.get(clean(asString(object.chain) ?? ''));
		if (!chain || !Array.isArray(object.expr)) return false;
		const comment = asString(object.comment);
		chain.rules.push({handle: asNumber(object.handle), comment: comment === null ? null : clean(comment), expressions: object.expr});
		return true;
	},
	set: addSet,
	map: addSet,
	element({family, table, name, elem}, tables) {
		const set = tables.get(`${asString(family)} ${asString(table)}`)?.sets.get(asString(name) ?? '');
		const items = asList(elem);
		set?.keys.push(...(set.data ? items.map(item => asList(item)[0] ?? null) : items));
		set?.data?.push(...items.map(item => asList(item)[1] ?? null));
		return set !== undefined;
	},
};

function addSet(object: {[key: string]: Json}, tables: Map<string, RawTable>): boolean {
	const table = tables.get(`${asString(object.family)} ${asString(object.table)}`);
	const name = asString(object.name);
	if (!table || name === null) return false;
	const items = asList(object.elem);
	const isMap = object.map !== undefined;
	table.sets.set(name, {
		name,
		id: `${table.family} ${table.name} ${name}`,
		keys: isMap ? items.map(item => asList(item)[0] ?? null) : items,
		data: isMap ? items.map(item => asList(item)[1] ?? null) : null,
		limited: isLimited(object.stmt ?? null),
	});
	return true;
}

function baseOf(object: {[key: string]: Json}): Base | undefined {
	const hook = hooks.find(name => name === object.hook);
	const type = types.find(name => name === object.type);
	const priority = asNumber(object.prio);
	if (!hook || !type || priority === null) return undefined;
	const devices = object.dev === undefined ? null : asList(object.dev).map(String);
	return {hook, type, priority, policy: object.policy === 'drop' ? 'drop' : 'accept', devices};
}

function parsed(text: string): Json {
	try {
		return JSON.parse(text) as Json;
	} catch (error) {
		throw new Error(`not JSON: ${clean((error as Error).message, 120)}`);
	}
}

const hooks: Hook[] = ['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress'];
const types = ['filter', 'nat', 'route'] as const;
