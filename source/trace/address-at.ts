import {canonical} from '../address/ip.js';

/** The IPv4 (4 bytes) or IPv6 address (16) that stands in a packet there; empty where the packet ends before. */
export function addressAt(data: Buffer, at: number, length: 4 | 16): string {
	if (data.length < at + length) return '';
	if (length === 4) return v4(data.readUInt32BE(at));
	const groups = Array.from({length: 8}, (_, index) => data.readUInt16BE(at + index * 2).toString(16));
	return canonical(groups.join(':'));
}

/** A capture says the same few addresses again and again. */
function v4(value: number): string {
	let text = known.get(value);
	if (text === undefined) {
		text = [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.');
		if (known.size >= mostKnown) known.clear();
		known.set(value, text);
	}
	return text;
}

const known = new Map<number, string>();
const mostKnown = 1000;
