import {describe, expect, it} from 'vitest';
import {parseRoutingRules} from '../../source/kernel/routing-rules.js';
import {fixture} from './fixture.js';

const rules = parseRoutingRules(fixture('ip-rule-4.txt'), 4);
const at = (priority: number) => rules.find(rule => rule.priority === priority);

describe('parseRoutingRules', () => {
	it('reads the three rules of every host', () => {
		expect(at(0)).toEqual({
			family: 4,
			priority: 0,
			not: false,
			src: null,
			dst: null,
			iif: null,
			oif: null,
			fwmark: null,
			fwmask: 0,
			tos: null,
			ipproto: null,
			sport: null,
			dport: null,
			uidrange: null,
			action: 'lookup',
			table: 'local',
			goto: null,
			suppressPrefixLength: null,
			l3mdev: false,
		});
		expect([at(32766)?.table, at(32767)?.table]).toEqual(['main', 'default']);
	});

	it('reads marks with and without a mask, and a negated one', () => {
		expect(at(100)).toMatchObject({fwmark: 1, fwmask: 0xff, table: '51820', not: false});
		expect(at(101)).toMatchObject({fwmark: 0xca6c, fwmask: 0xffffffff, not: true});
	});

	it('reads interfaces, prefixes, ports, users and tos', () => {
		expect(at(102)).toMatchObject({iif: 'docker0', oif: 'eth0', dst: '198.51.100.0/24', table: '77'});
		expect(at(104)).toMatchObject({
			src: '172.18.0.0/16',
			ipproto: 'tcp',
			sport: [1000, 2000],
			dport: [80, 80],
			uidrange: [0, 99],
			tos: 16,
		});
		expect(at(106)?.src).toBe('10.67.0.1/32');
	});

	it('reads the other actions', () => {
		expect(at(103)).toMatchObject({table: 'main', suppressPrefixLength: 0});
		expect([105, 106, 107, 108, 109].map(priority => at(priority)?.action)).toEqual([
			'blackhole',
			'unreachable',
			'prohibit',
			'goto',
			'nop',
		]);
		expect(at(108)?.goto).toBe(32766);
	});

	it('reads IPv6', () => {
		expect(parseRoutingRules(fixture('ip-rule-6.txt'), 6)[1]).toMatchObject({family: 6, src: '2001:db8::/32', fwmark: 7});
	});

	it('refuses a selector that it cannot hold, which would make the rule match too much', () => {
		expect(() => parseRoutingRules('[{"priority":5,"src":"all","dscp":"EF","table":"7"}]', 4)).toThrow('rule 5 selects by dscp');
	});
});
