import {isIP} from 'node:net';
import {remembered} from './remembered.js';

/** An address as a number: IPv4 as a number below 2³², IPv6 as a bigint. So the two never compare equal. */
export type AddressValue = number | bigint;

export interface Prefix {
	/** Network address, host bits cleared. */
	base: AddressValue;
	length: number;
}

/** The value of an address in text (RFC 4291 forms, an embedded IPv4 tail included); null where it is none. A zone ("%eth0") is ignored. */
export const parseAddress = remembered((text: string): AddressValue | null => {
	const bare = text.split('%', 1)[0] ?? '';
	const kind = isIP(bare);
	if (kind === 4) return fourBytes(bare);
	return kind === 6 ? eightWords(bare) : null;
});

/** "10.0.0.0/8", "10.0.0.0/255.0.0.0" or a lone address (its full length); null where it is none, or where the mask has holes. */
export const parsePrefix = remembered((text: string): Prefix | null => {
	const [address = '', mask] = text.split('/');
	const value = parseAddress(address);
	if (value === null) return null;
	const length = mask === undefined ? width(value) : maskLength(mask, width(value));
	return length === null ? null : {base: network(value, length), length};
});

export function inPrefix(value: AddressValue, prefix: Prefix): boolean {
	return typeof value === typeof prefix.base && network(value, prefix.length) === prefix.base;
}

/** The address with all bits behind `length` cleared. */
export function network(value: AddressValue, length: number): AddressValue {
	if (typeof value === 'number') return length === 0 ? 0 : (value & (-1 << (32 - length))) >>> 0;
	const shift = BigInt(128 - length);
	return (value >> shift) << shift;
}

/** The last address of the network. */
export function lastAddress({base, length}: Prefix): AddressValue {
	const hostBits = width(base) - length;
	return typeof base === 'number' ? base + 2 ** hostBits - 1 : base + (1n << BigInt(hostBits)) - 1n;
}

/** The first `count` addresses behind the network's own, as text; fewer where it ends before. */
export function addressesIn(prefix: Prefix, count: number): string[] {
	const {base} = prefix;
	const offsets = Array.from({length: count}, (_, index) => index + 1);
	const values = offsets.map(offset => (typeof base === 'number' ? base + offset : base + BigInt(offset)));
	return values.filter(value => inPrefix(value, prefix)).map(formatAddress);
}

/** Number of bits of an address of this family. */
export function width(value: AddressValue): 32 | 128 {
	return typeof value === 'number' ? 32 : 128;
}

/** The address in canonical text (RFC 5952; an IPv4 address in IPv6's form keeps its dots). */
export function formatAddress(value: AddressValue): string {
	if (typeof value === 'number') return [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.');
	if (value >> 32n === 0xffffn) return `::ffff:${formatAddress(Number(value & 0xffffffffn))}`;
	const words = Array.from({length: 8}, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
	const text = words.join(':');
	const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
	if (!longest) return text;
	const head = text.slice(0, longest.index).replace(/:$/, '');
	const tail = text.slice(longest.index + longest[0].length).replace(/^:/, '');
	return `${head}::${tail}`;
}

/** The address of `net` that has the host bits of `value` (NETMAP). */
export function remap(value: AddressValue, net: Prefix): AddressValue {
	if (typeof value === 'number' && typeof net.base === 'number') return (net.base + (value - Number(network(value, net.length)))) >>> 0;
	const wide = BigInt(value);
	return BigInt(net.base) + (wide - BigInt(network(wide, net.length)));
}

function fourBytes(text: string): number {
	return text.split('.').reduce((value, byte) => value * 256 + Number(byte), 0);
}

function eightWords(text: string): bigint {
	const tail = /(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
	const hex = tail ? text.slice(0, -tail.length) + asTwoWords(fourBytes(tail)) : text;
	const [left = '', right] = hex.split('::');
	const head = left === '' ? [] : left.split(':');
	const rest = right === undefined || right === '' ? [] : right.split(':');
	const zeros = right === undefined ? 0 : 8 - head.length - rest.length;
	const words = [...head, ...Array<string>(zeros).fill('0'), ...rest];
	return words.reduce((value, word) => (value << 16n) | BigInt(`0x${word}`), 0n);
}

function asTwoWords(value: number): string {
	return `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
}

function maskLength(mask: string, bits: 32 | 128): number | null {
	if (/^\d{1,3}$/.test(mask)) return Number(mask) <= bits ? Number(mask) : null;
	const value = parseAddress(mask);
	if (value === null || width(value) !== bits) return null;
	const text = BigInt(value).toString(2).padStart(bits, '0');
	return /^1*0*$/.test(text) ? text.replace(/0+$/, '').length : null;
}
