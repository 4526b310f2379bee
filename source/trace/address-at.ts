import {canonical} from '../address/ip.js';

/** The IPv4 (4 bytes) or IPv6 address (16) that stands in a packet there; empty where the packet ends before. */
export function addressAt(data: Buffer, at: number, length: 4 | 16): string {
	if (data.length < at + length) return '';
	if (length === 4) return `${data[at]}.${data[at + 1]}.${data[at + 2]}.${data[at + 3]}`;
	const groups = Array.from({length: 8}, (_, index) => data.readUInt16BE(at + index * 2).toString(16));
	return canonical(groups.join(':'));
}
