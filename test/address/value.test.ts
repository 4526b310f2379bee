import {BlockList} from 'node:net';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {formatAddress, inPrefix, lastAddress, parseAddress, parsePrefix, remap} from '../../source/address/value.js';

test.each([
	['0.0.0.0', 0],
	['255.255.255.255', 0xffffffff],
	['::', 0n],
	['::1', 1n],
	['::ffff:1.2.3.4', 0xffff01020304n],
	['fe80::1%eth0', 0xfe800000000000000000000000000001n],
	['1.2.3', null],
	['', null],
])('%s', (text, value) => {
	expect(parseAddress(text)).toBe(value);
});

test('a printed address reads as itself, and is the canonical text', () => {
	fc.assert(
		fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
			expect(parseAddress(formatAddress(parseAddress(text) ?? 0))).toBe(parseAddress(text));
		}),
	);
	expect(
		['2001:db8:0:0:1:0:0:1', '0:0:0:0:0:0:0:1', '1:0:0:0:0:0:0:0', '1:0:2:3:4:5:6:7'].map(text => formatAddress(parseAddress(text) ?? 0)),
	).toEqual(['2001:db8::1:0:0:1', '::1', '1::', '1:0:2:3:4:5:6:7']);
});

test("a prefix holds what node's own BlockList says it holds", () => {
	const four = fc.tuple(fc.ipV4(), fc.nat(32), fc.ipV4(), fc.constant('ipv4' as const));
	const sixes = fc.tuple(fc.ipV6(), fc.nat(128), fc.ipV6(), fc.constant('ipv6' as const));
	fc.assert(
		fc.property(fc.oneof(four, sixes), ([net, length, address, family]) => {
			const list = new BlockList();
			list.addSubnet(net, length, family);
			const prefix = parsePrefix(`${net}/${length}`);
			const value = parseAddress(address);
			expect(prefix && value !== null && inPrefix(value, prefix)).toBe(list.check(address, family));
			expect(prefix && list.check(formatAddress(lastAddress(prefix)), family)).toBe(true);
		}),
	);
});

test('masks with holes are no prefix; NETMAP keeps the host bits', () => {
	expect(parsePrefix('10.0.0.0/255.0.255.0')).toBeNull();
	expect(parsePrefix('10.0.0.0/33')).toBeNull();
	const net = parsePrefix('192.0.2.0/24');
	expect(net && formatAddress(remap(parseAddress('10.1.2.77') ?? 0, net))).toBe('192.0.2.77');
});
