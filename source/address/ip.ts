import {isIP} from 'node:net';
import {remembered} from './remembered.js';
import {type AddressValue, formatAddress, inPrefix, parseAddress, parsePrefix, width} from './value.js';

/** One spelling per address, so that texts can be compared; what is no address stays as it is. */
export const canonical = remembered((text: string): string => {
	const value = isIP(text) === 6 ? parseAddress(text) : null;
	return value === null ? text : formatAddress(value);
});

/** Whether an address lies in a CIDR; false where either is malformed. */
export function isWithin(address: string, cidr: string): boolean {
	const value = parseAddress(address);
	const prefix = parsePrefix(cidr);
	return value !== null && prefix !== null && inPrefix(value, prefix);
}

export function familyOf(address: string): 4 | 6 {
	return isIP(address) === 6 ? 6 : 4;
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
	return isWithin(address, '127.0.0.0/8') || isWithin(address, '::1/128');
}

/** 0.0.0.0 and ::, which stand for any address of the host. */
export function isUnspecified(address: string): boolean {
	const value = parseAddress(address);
	return value === 0 || value === 0n;
}

/** How many leading bits two addresses of one family share; 0 where they are of two. */
export function commonPrefix(a: AddressValue, b: AddressValue): number {
	if (typeof a !== typeof b) return 0;
	return width(a) - (BigInt(a) ^ BigInt(b)).toString(2).replace(/^0$/, '').length;
}

/** "192.0.2.1:80", "[2001:db8::1]:80"; without a port the address alone. */
export function hostPort(address: string, port: number | null): string {
	const host = isIP(address) === 6 ? `[${address}]` : address;
	return port === null ? address : `${host}:${port}`;
}
