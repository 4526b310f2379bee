import {clean} from '../text/clean.js';

/** One object of a program's JSON: any field may be missing or of another type in another version of the program. */
export type Fields = Record<string, unknown>;

/**
 * The objects of the JSON list that `ip -j` and `bridge -j` print. Nothing printed is an empty list (they print nothing where
 * there is nothing). Empty objects, which some versions print for what they leave out, are dropped.
 * Throws where the text is no JSON list, with the reason in one clause.
 */
export function parseRecords(text: string): Fields[] {
	if (text.trim() === '') return [];
	const value: unknown = JSON.parse(text);
	if (!Array.isArray(value)) throw new Error('a JSON list was expected');
	return value.filter(isFields).filter(fields => Object.keys(fields).length > 0);
}

/** A text that must be there. */
export function requiredText(fields: Fields, name: string): string {
	const value = textOf(fields, name);
	if (value === null) throw new Error(`"${name}" is missing in ${clean(JSON.stringify(fields), 80)}`);
	return value;
}

/** A number that must be there. */
export function requiredNumber(fields: Fields, name: string): number {
	const value = numberOf(fields, name);
	if (value === null) throw new Error(`"${name}" is missing in ${clean(JSON.stringify(fields), 80)}`);
	return value;
}

/** Text without control characters, numbers as text; null where there is none. */
export function textOf(fields: Fields, name: string): string | null {
	const value = fields[name];
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? clean(value) : null;
}

/** A number, also as "0x1f" or "42"; null where there is none. */
export function numberOf(fields: Fields, name: string): number | null {
	const value = fields[name];
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Whether a switch is on: true, 1, "on", or the bare name that `ip` prints as null. */
export function isOn(fields: Fields, name: string): boolean {
	const value = fields[name];
	return value === true || value === 1 || value === 'on' || (name in fields && value === null);
}

export function textsOf(fields: Fields, name: string): string[] {
	const value = fields[name];
	return Array.isArray(value) ? value.filter(item => typeof item === 'string').map(item => clean(item)) : [];
}

export function recordsOf(fields: Fields, name: string): Fields[] {
	const value = fields[name];
	return Array.isArray(value) ? value.filter(isFields) : [];
}

export function recordOf(fields: Fields, name: string): Fields | null {
	const value = fields[name];
	return isFields(value) ? value : null;
}

function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
