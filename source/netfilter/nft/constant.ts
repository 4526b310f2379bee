import type {DataType, Scalar} from './datatypes.js';
import {asList, type Json, onlyKey} from './json.js';

/** A constant, a list of flags or `a | b` of constants, as one value; null where it is something else. */
export function constant(json: Json, type: DataType): Scalar | null {
	if (Array.isArray(json)) return flags(json, type);
	const [kind, value] = onlyKey(json) ?? ['', null];
	return kind === '|' ? flags(asList(value), type) : type.parse(json);
}

function flags(list: Json[], type: DataType): number | null {
	const values = list.map(item => constant(item, type));
	return values.every(value => typeof value === 'number') ? values.reduce((sum, value) => (sum | value) >>> 0, 0) : null;
}
