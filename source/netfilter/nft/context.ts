import type {DataType} from './datatypes.js';
import {type Elements, elements} from './elements.js';
import {asObject, type Json} from './json.js';

/** A set or map of a table. */
export interface NamedSet {
	name: string;
	/** Family, table and name. */
	id: string;
	/** Keys as printed. */
	keys: Json[];
	/** What each key maps to, for a map; null for a set. */
	data: Json[] | null;
}

/** What the rules of one table are read against. */
export interface NftContext {
	family: string;
	table: string;
	sets: ReadonlyMap<string, NamedSet>;
}

/** Elements behind "@name" or {"set": […]}, ready to be looked up; null where there is no such set. `id` is null for an anonymous one. */
export function setOf(
	json: Json,
	types: DataType[],
	context: NftContext,
): {id: string | null; found: Elements; data: Json[] | null} | null {
	if (typeof json === 'string' && json.startsWith('@')) {
		const set = context.sets.get(json.slice(1));
		return set ? {id: set.id, found: elements(set.keys, types), data: set.data} : null;
	}
	const list = asObject(json)?.set;
	if (list === undefined) return null;
	const items = Array.isArray(list) ? list : [list];
	const pairs = items.every(Array.isArray);
	const keys = pairs ? items.map(item => (item as Json[])[0] ?? null) : items;
	return {
		id: null,
		found: elements(keys, types),
		data: pairs && items.length > 0 ? items.map(item => (item as Json[])[1] ?? null) : null,
	};
}
