import {describe, expect, it} from 'vitest';
import {parseAddresses} from '../../source/kernel/addresses.js';
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
