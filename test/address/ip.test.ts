import {describe, expect, it} from 'vitest';
import {canonical, commonPrefix, hostPort, isLoopback, isUnspecified, isWithin} from '../../source/address/ip.js';
import {addressesIn, parseAddress, parsePrefix} from '../../source/address/value.js';

describe('addresses', () => {
	it.each([
		['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
		['2001:0DB8::0001', '2001:db8::1'],
		['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
		['::', '::'],
		['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
		['fe80::1%eth0', 'fe80::1'],
		['192.0.2.7', '192.0.2.7'],
		['no address', 'no address'],
	])('canonical spelling of %s', (text, expected) => {
		expect(canonical(text)).toBe(expected);
	});

	it.each([
		['172.17.3.4', '172.17.0.0/16', true],
		['172.18.0.1', '172.17.0.0/16', false],
		['2001:db8::5', '2001:db8::/64', true],
		['192.0.2.1', '::/0', false],
		['192.0.2.1', '0.0.0.0/0', true],
		['192.0.2.1', 'nonsense', false],
		['192.0.2.1', '10.0.0.0/', false],
	])('%s in %s: %s', (address, cidr, expected) => {
		expect(isWithin(address, cidr)).toBe(expected);
	});

	it.each(['1.2.3.4/33', '1.2.3/8', 'x/1', '::/129'])('%s is no prefix', text => {
		expect(parsePrefix(text)).toBeNull();
	});

	it('knows loopback, ports in brackets and shared bits', () => {
		expect([isLoopback('127.8.9.1'), isLoopback('::1'), isLoopback('10.0.0.1')]).toEqual([true, true, false]);
		expect([hostPort('::1', 80), hostPort('192.0.2.1', 80), hostPort('::1', null)]).toEqual(['[::1]:80', '192.0.2.1:80', '::1']);
		expect(shared('10.0.0.1', '10.0.0.2')).toBe(30);
		expect(shared('::1', '::1')).toBe(128);
		expect(shared('::1', '0.0.0.1')).toBe(0);
		expect(['0.0.0.0', '::', '::1', ''].map(isUnspecified)).toEqual([true, true, false, false]);
	});
});

it.each([
	['10.0.0.0/24', ['10.0.0.1', '10.0.0.2']],
	['10.0.0.0/31', ['10.0.0.1']],
	['10.0.0.7/32', []],
	['fd00::/64', ['fd00::1', 'fd00::2']],
])('the first addresses of %s', (cidr, expected) => {
	const prefix = parsePrefix(cidr);
	expect(prefix && addressesIn(prefix, 2)).toEqual(expected);
});

function shared(a: string, b: string): number {
	const [left, right] = [parseAddress(a), parseAddress(b)];
	if (left === null || right === null) throw new Error('no address');
	return commonPrefix(left, right);
}
