import {isIP} from 'node:net';
import {clean} from '../text/clean.js';

/** A string of the API made harmless; "" where the field is missing or something else. */
export function word(value: unknown): string {
	return typeof value === 'string' ? clean(value) : '';
}

/** As `word`; null instead of "". */
export function wordOrNull(value: unknown): string | null {
	return word(value) || null;
}

/** The strings of a list of the API; other entries are left out. */
export function words(value: unknown): string[] {
	return Array.isArray(value) ? value.map(word).filter(text => text !== '') : [];
}

/** An IP address of the API; Podman writes some with their prefix length ("fd00::2/64"), which is cut. */
export function addressOrNull(value: unknown): string | null {
	const text = word(value).split('/')[0] ?? '';
	return text !== '' && isIP(text) ? text : null;
}

/** A whole number greater than 0, else null: the API writes 0 for "none". */
export function countOrNull(value: unknown): number | null {
	return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}
