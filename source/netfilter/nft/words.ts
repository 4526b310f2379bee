import type {DataType} from './datatypes.js';
import {name} from './datatypes.js';
import {asList, asObject, asString, type Json, onlyKey} from './json.js';

/** A right-hand side as nft writes it: 80, 10.0.0.0/8, 1000-2000, { a, b }, @set, "eth0", established,related. */
export function rightWords(json: Json, types: DataType[]): string {
	const type = types[0];
	if (Array.isArray(json)) return json.map(item => rightWords(item, types)).join(',');
	if (typeof json === 'boolean') return json ? 'exists' : 'missing';
	if (typeof json === 'string') return type === name && !json.startsWith('@') ? `"${json}"` : json;
	if (typeof json === 'number') return type ? type.say(json) : String(json);
	const [kind, value] = onlyKey(json) ?? ['', null];
	if (kind === 'set') return `{ ${shortList(asList(value).map(item => elementWords(item, types)))} }`;
	if (kind === 'range')
		return asList(value)
			.map(end => rightWords(end, types))
			.join('-');
	if (kind === 'prefix') return `${asString(asObject(value)?.addr)}/${asString(asObject(value)?.len)}`;
	if (kind === 'concat')
		return asList(value)
			.map((part, i) => rightWords(part, types.slice(i, i + 1)))
			.join(' . ');
	if (kind === '|')
		return asList(value)
			.map(item => rightWords(item, types))
			.join(' | ');
	if (kind === 'elem') return rightWords(asObject(value)?.val ?? null, types);
	return JSON.stringify(json)?.slice(0, 80) ?? '';
}

function elementWords(json: Json, types: DataType[]): string {
	if (!Array.isArray(json)) return rightWords(json, types);
	const [key = null, data = null] = json;
	return `${rightWords(key, types)} : ${verdictWords(data) ?? rightWords(data, [])}`;
}

/** "accept", "jump CHAIN", …; null where it is no verdict. */
export function verdictWords(json: Json): string | null {
	const [kind, value] = onlyKey(json) ?? ['', null];
	if (kind === 'jump' || kind === 'goto') return `${kind} ${asString(asObject(value)?.target)}`;
	return ['accept', 'drop', 'continue', 'return'].includes(kind) ? kind : null;
}

/** Long lists are cut: a person reads the set itself then. */
function shortList(items: string[]): string {
	return items.length <= 12 ? items.join(', ') : `${items.slice(0, 11).join(', ')}, … ${items.length - 11} more`;
}
