import type {Frame} from '../frame.js';
import type {DataType, Value} from './datatypes.js';
import {elements} from './elements.js';
import {asList, asObject, type Json, onlyKey} from './json.js';

/** A set or map of a table. */
export interface NamedSet {
	name: string;
	/** Family, table and name. */
	id: string;
	/** Keys as printed. */
	keys: Json[];
	/** What each key maps to, for a map; null for a set. */
	data: Json[] | null;
	/** Its elements match only so often (a limit, a quota, a number of connections stands in it). */
	limited: boolean;
}

/** Elements as the rules look them up. */
export interface Found {
	/** Which element holds the value: its index; -1 for none; null where that cannot be told. */
	find(value: Value, frame: Frame): number | null;
	data: Json[] | null;
}

/** What the rules of one table are read against. */
export interface NftContext {
	family: string;
	table: string;
	sets: ReadonlyMap<string, NamedSet>;
}

/** Elements behind "@name" or {"set": […]}, ready to be looked up; null where there is no such set. */
export function setOf(json: Json, types: DataType[], context: NftContext): Found | null {
	if (typeof json === 'string' && json.startsWith('@')) {
		const set = context.sets.get(json.slice(1));
		return set ? named(set, types) : null;
	}
	const list = asObject(json)?.set;
	if (list === undefined) return null;
	const items = Array.isArray(list) ? list : [list];
	const pairs = items.every(Array.isArray);
	const keys = pairs ? items.map(item => (item as Json[])[0] ?? null) : items;
	return {
		find: elements(keys, types).find,
		data: pairs && items.length > 0 ? items.map(item => (item as Json[])[1] ?? null) : null,
	};
}

function named({id, keys, data, limited}: NamedSet, types: DataType[]): Found {
	const {find} = elements(keys, types);
	return {
		find(value, frame) {
			// A rule before may have added it, or taken it out, just now.
			if (frame.hasTouched(id)) return null;
			const index = find(value);
			return limited && index !== null && index >= 0 ? null : index;
		},
		data,
	};
}

/** Whether statements of a set or of its elements make it match only so often. */
export function isLimited(statements: Json): boolean {
	return asList(statements).some(item => limits.has(onlyKey(item)?.[0] ?? ''));
}

const limits = new Set(['limit', 'quota', 'ct count']);
