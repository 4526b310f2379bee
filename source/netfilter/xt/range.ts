/** Inclusive. */
export interface Range {
	from: number;
	to: number;
}

/** "80", "80:90", ":90", "80:", "1-5", "0x10" (hexadecimal); null where it is none. */
export function parseRange(text: string): Range | null {
	const parts = /^(0x[\da-f]+|\d*)(?:([:-])(0x[\da-f]+|\d*))?$/i.exec(text);
	if (!parts || text === '') return null;
	const from = parts[1] === '' ? 0 : Number(parts[1]);
	const to = parts[2] === undefined ? from : parts[3] === '' ? Number.MAX_SAFE_INTEGER : Number(parts[3]);
	return {from, to};
}

export function inRange(value: number, range: Range): boolean {
	return range.from <= value && value <= range.to;
}

/** "0x1/0xff" or "1": value and mask of a mark; null where it is none. */
export function parseMasked(text: string): {value: number; mask: number} | null {
	const parts = /^(0x[\da-f]+|\d+)(?:\/(0x[\da-f]+|\d+))?$/i.exec(text);
	if (!parts) return null;
	return {value: Number(parts[1]) >>> 0, mask: parts[2] === undefined ? 0xffffffff : Number(parts[2]) >>> 0};
}
