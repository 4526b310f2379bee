import {isIP} from 'node:net';

/** An IP address as a number, so that prefixes and ranges are arithmetic. */
export interface Ip {
	family: 4 | 6;
	value: bigint;
}

/** Reads an address (IPv6 without brackets, a zone is ignored); null if it is none. */
export function parseIp(text: string): Ip | null {
	const known = lately.get(text);
	if (known !== undefined) return known;
	const ip = read(text);
	if (lately.size >= mostKept) lately.clear();
	lately.set(text, ip);
	return ip;
}

/** A walk asks for the same few addresses again and again. */
const lately = new Map<string, Ip | null>();
const mostKept = 4096;

function read(text: string): Ip | null {
	const family = isIP(text);
	if (family === 4) return {family, value: fromIpv4(text)};
	if (family === 6) return {family, value: fromIpv6(text.replace(/%.*$/, ''))};
	return null;
}

/** The shortest usual spelling: IPv6 as RFC 5952 has it. */
export function formatIp(ip: Ip): string {
	return ip.family === 4 ? toIpv4(ip.value) : toIpv6(ip.value);
}

/** One spelling per address, so that texts can be compared; what is no address stays as it is. */
export function canonical(text: string): string {
	// IPv4 has one spelling only; most addresses here are of it, and are asked for often.
	const family = isIP(text);
	if (family !== 6) return text;
	const ip = parseIp(text);
	return ip ? formatIp(ip) : text;
}

export interface Prefix {
	family: 4 | 6;
	/** First address of the prefix. */
	value: bigint;
	length: number;
}

/** Reads CIDR ("172.17.0.0/16"; an address alone is /32 or /128); null if it is none. */
export function parsePrefix(text: string): Prefix | null {
	const [address = '', bits] = text.split('/');
	const ip = parseIp(address);
	if (!ip) return null;
	const width = widthOf(ip.family);
	const length = bits === undefined ? width : Number(bits);
	if (!Number.isInteger(length) || length < 0 || length > width) return null;
	const host = BigInt(width - length);
	return {family: ip.family, value: (ip.value >> host) << host, length};
}

export function inPrefix(ip: Ip, prefix: Prefix): boolean {
	const host = BigInt(widthOf(prefix.family) - prefix.length);
	return ip.family === prefix.family && ip.value >> host === prefix.value >> host;
}

/** Whether an address lies in a CIDR; false where either is malformed. */
export function isWithin(address: string, cidr: string): boolean {
	const ip = parseIp(address);
	const prefix = parsePrefix(cidr);
	return ip !== null && prefix !== null && inPrefix(ip, prefix);
}

export function familyOf(address: string): 4 | 6 {
	return isIP(address) === 6 ? 6 : 4;
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
	const ip = parseIp(address);
	return ip !== null && (ip.family === 4 ? ip.value >> 24n === 127n : ip.value === 1n);
}

/** 0.0.0.0 and ::, which stand for any address of the host. */
export function isUnspecified(address: string): boolean {
	return parseIp(address)?.value === 0n;
}

/** How many leading bits two addresses of one family share. */
export function commonPrefix(a: Ip, b: Ip): number {
	return widthOf(a.family) - (a.value ^ b.value).toString(2).replace(/^0$/, '').length;
}

/** "192.0.2.1:80", "[2001:db8::1]:80"; without a port the address alone. */
export function hostPort(address: string, port: number | null): string {
	const host = isIP(address) === 6 ? `[${address}]` : address;
	return port === null ? address : `${host}:${port}`;
}

export function widthOf(family: 4 | 6): 32 | 128 {
	return family === 4 ? 32 : 128;
}

function fromIpv4(text: string): bigint {
	return text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function fromIpv6(text: string): bigint {
	const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
	const hex = dotted ? dotted[1] + pairOf(fromIpv4(dotted[2] ?? '')) : text;
	const [head = '', tail] = hex.split('::');
	const left = head === '' ? [] : head.split(':');
	const right = tail === undefined || tail === '' ? [] : tail.split(':');
	const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
	return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

function pairOf(value: bigint): string {
	return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

function toIpv4(value: bigint): string {
	return [24n, 16n, 8n, 0n].map(shift => ((value >> shift) & 0xffn).toString()).join('.');
}

function toIpv6(value: bigint): string {
	const groups = Array.from({length: 8}, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
	const zeros = longestZeros(groups);
	if (groups.slice(0, 5).every(group => group === '0') && groups[5] === 'ffff') return `::ffff:${toIpv4(value & 0xffffffffn)}`;
	if (zeros.length < 2) return groups.join(':');
	return `${groups.slice(0, zeros.start).join(':')}::${groups.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeros(groups: string[]): {start: number; length: number} {
	let best = {start: 0, length: 0};
	for (let start = 0; start < groups.length; start++) {
		let length = 0;
		while (groups[start + length] === '0') length++;
		if (length > best.length) best = {start, length};
	}
	return best;
}
