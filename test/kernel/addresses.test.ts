import {describe, expect, it} from 'vitest';
import {parseAddresses} from '../../source/kernel/addresses.js';
import {parseInet6, parseLocal4} from '../../source/kernel/public-addresses.js';
import type {Address} from '../../source/model/index.js';
import {fixture} from './fixture.js';

const addresses = parseAddresses(fixture('ip-addr.txt'));
const at = (address: string) => addresses.find(one => one.address === address);

describe('parseAddresses', () => {
	it('reads both families with prefix and scope', () => {
		expect(at('192.0.2.1')).toEqual({link: 'eth0', family: 4, address: '192.0.2.1', prefix: 24, peer: null, scope: 'global', flags: []});
		expect(at('2001:db8:1::1')).toMatchObject({link: 'eth0', family: 6, prefix: 64, flags: ['nodad']});
		expect(at('127.0.0.1')).toMatchObject({link: 'lo', scope: 'host'});
	});

	it('marks a second address of a subnet', () => {
		expect(at('192.0.2.11')?.flags).toEqual(['secondary']);
	});

	it('reads the peer of a point-to-point address', () => {
		expect(at('10.1.1.1')).toMatchObject({link: 'veth3', peer: '10.1.1.2', prefix: 32});
	});
});

describe('addresses as everybody may read them', () => {
	it('reads those of a container', () => {
		expect(parseLocal4(fixture('proc-net-fib_trie-app.txt'), fixture('proc-net-route-app.txt'))).toEqual([
			{link: 'lo', family: 4, address: '127.0.0.1', prefix: 8, peer: null, scope: 'host', flags: []},
			{link: 'eth0', family: 4, address: '172.18.0.3', prefix: 16, peer: null, scope: 'global', flags: []},
		]);
		expect(parseInet6(fixture('proc-net-if_inet6-app.txt'))).toContainEqual(
			expect.objectContaining({link: 'lo', address: '::1', prefix: 128, scope: 'host'}),
		);
	});

	it('agrees with ip on IPv6', () => {
		const asText = ({address, link, prefix, scope}: Address) => `${address}/${prefix} ${link} ${scope}`;
		const known = addresses.filter(({family}) => family === 6).map(asText);
		expect(parseInet6(fixture('proc-net-if_inet6.txt')).map(asText).sort()).toEqual(known.sort());
	});

	it('does not guess where a link holds several, or none is told', () => {
		expect(() => parseLocal4(fixture('proc-net-fib_trie.txt'), fixture('proc-net-route.txt'))).toThrow('is not told');
	});
});
