import {describe, expect, it} from 'vitest';
import {parseRoutes} from '../../source/kernel/routes.js';
import {fixture} from './fixture.js';

const v4 = parseRoutes(fixture('ip-route-4.txt'), 4);
const v6 = parseRoutes(fixture('ip-route-6.txt'), 6);
const to = (dst: string) => [...v4, ...v6].filter(route => route.dst === dst);

describe('parseRoutes', () => {
	it('reads a default route of the main table, and one of another', () => {
		expect(to('0.0.0.0/0')).toEqual([
			{
				family: 4,
				table: '51820',
				type: 'unicast',
				dst: '0.0.0.0/0',
				from: null,
				src: '192.0.2.11',
				metric: 50,
				tos: 0,
				nexthops: [{dev: 'eth0', gateway: '192.0.2.2', flags: [], weight: 1}],
			},
			expect.objectContaining({table: 'main', src: null, metric: 0}),
		]);
	});

	it('reads several next hops with their weights, also of a next-hop object', () => {
		expect(to('198.51.100.0/24')[0]?.nexthops.map(hop => [hop.gateway, hop.dev, hop.weight])).toEqual([
			['192.0.2.2', 'eth0', 2],
			['172.18.0.9', 'br-app', 1],
		]);
		expect(to('10.9.0.0/16')[0]?.nexthops).toHaveLength(2);
		expect(to('2001:db8:2::/48')[0]?.nexthops).toHaveLength(2);
	});

	it('reads routes that refuse, which have no next hop', () => {
		expect(to('203.0.113.0/24')[0]).toMatchObject({type: 'unreachable', nexthops: []});
		expect(to('203.0.113.128/25')[0]).toMatchObject({type: 'blackhole', nexthops: []});
		expect(to('203.0.114.0/24')[0]).toMatchObject({type: 'prohibit'});
		expect(to('203.0.115.0/24')[0]).toMatchObject({type: 'throw', table: '51820'});
		expect(to('2001:db8:3::/48')[0]).toMatchObject({type: 'unreachable'});
	});

	it('reads a gateway of the other family, flags and tos', () => {
		expect(to('10.8.0.0/16')[0]?.nexthops).toEqual([{dev: 'eth0', gateway: '2001:db8:1::2', flags: [], weight: 1}]);
		expect(to('10.7.0.0/16')[0]).toMatchObject({tos: 16, nexthops: [{flags: ['onlink']}]});
	});

	it('completes single addresses and reads the local table and source-specific routes', () => {
		expect(to('172.17.0.1/32')[0]).toMatchObject({table: 'local', type: 'local', nexthops: [{dev: 'docker0'}]});
		expect(to('2001:db8:4::/48')[0]).toMatchObject({from: '2001:db8:1::/64'});
		expect(to('::/0')[0]).toMatchObject({metric: 20});
		expect(v6.filter(route => route.type === 'multicast').length).toBeGreaterThan(0);
	});

	it('refuses what it would misread', () => {
		expect(() => parseRoutes('[{"dst":"10.0.0.0/8","nhid":7,"flags":[]}]', 4)).toThrow('names no next hop');
		expect(() => parseRoutes('[{"dst":"10.0.0.0/8","dev":"eth0","tos":"AF11"}]', 4)).toThrow('tos AF11 is a name');
	});
});
