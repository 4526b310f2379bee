import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {runHook} from '../../source/netfilter/walk.js';
import {cpuTime} from '../cpu-time.js';
import {hostWith, packet, rulesets} from './dump.js';

const count = 100_000;
const env = hostWith(['10.99.0.1']);

test('a hundred thousand rules of iptables are read and walked, and cut off they are a gap that says where', () => {
	const rules = Array.from(
		{length: count},
		(_, i) => `-A INPUT -s 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32 -p tcp -m tcp --dport 22 -j DROP`,
	);
	const text = ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');
	const ms = cpuTime(() => {
		const {ruleset, gaps} = parseRulesets(rulesets({iptablesLegacy: text}));
		expect(gaps).toEqual([]);
		expect(runHook(ruleset, 'input', packet(), env).verdict).toBe('accept');
		const last = runHook(ruleset, 'input', packet({src: '10.1.134.159', dport: 22}), env);
		expect(last).toMatchObject({verdict: 'drop', decided: {rule: count}});
	});
	expect(ms).toBeLessThan(10_000);
	const cut = parseRulesets(rulesets({iptablesLegacy: text.slice(0, text.length / 10)}));
	expect(cut.gaps[0]?.why).toMatch(/line \d+|cut off/);
	expect(runHook(cut.ruleset, 'input', packet(), env).verdict).toBe('undetermined');
});

test('a hundred thousand elements of a set are searched, not tried one by one', () => {
	const elements = Array.from({length: count}, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
	const nft = JSON.stringify({
		nftables: [
			{table: {family: 'ip', name: 't'}},
			{chain: {family: 'ip', table: 't', name: 'i', type: 'filter', hook: 'input', prio: 0, policy: 'accept'}},
			{set: {family: 'ip', table: 't', name: 'many', type: 'ipv4_addr', elem: elements}},
			{
				rule: {
					family: 'ip',
					table: 't',
					chain: 'i',
					handle: 1,
					expr: [{match: {op: '==', left: {payload: {protocol: 'ip', field: 'saddr'}}, right: '@many'}}, {drop: null}],
				},
			},
		],
	});
	const ms = cpuTime(() => {
		const {ruleset} = parseRulesets(rulesets({nft}));
		for (let i = 0; i < 200; i++) expect(runHook(ruleset, 'input', packet({src: `10.1.134.${i % 160}`}), env).verdict).toBe('drop');
		expect(runHook(ruleset, 'input', packet({src: '10.9.9.9'}), env).verdict).toBe('accept');
	});
	expect(ms).toBeLessThan(10_000);
});

test('a hundred thousand rules of nft are read and walked', () => {
	const rules = Array.from({length: count}, (_, i) => ({
		rule: {
			family: 'inet',
			table: 't',
			chain: 'i',
			handle: i + 1,
			expr: [
				{match: {op: '==', left: {payload: {protocol: 'ip', field: 'saddr'}}, right: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`}},
				{match: {op: '==', left: {payload: {protocol: 'tcp', field: 'dport'}}, right: 22}},
				{drop: null},
			],
		},
	}));
	const nft = JSON.stringify({
		nftables: [
			{table: {family: 'inet', name: 't'}},
			{chain: {family: 'inet', table: 't', name: 'i', type: 'filter', hook: 'input', prio: 0, policy: 'accept'}},
			...rules,
		],
	});
	const ms = cpuTime(() => {
		const {ruleset, gaps} = parseRulesets(rulesets({nft}));
		expect(gaps).toEqual([]);
		expect(runHook(ruleset, 'input', packet({dport: 22}), env).verdict).toBe('accept');
		const last = runHook(ruleset, 'input', packet({src: '10.1.134.159', dport: 22}), env);
		expect(last).toMatchObject({verdict: 'drop', decided: {rule: count}});
	});
	expect(ms).toBeLessThan(10_000);
	const cut = parseRulesets(rulesets({nft: nft.slice(0, nft.length / 10)}));
	expect(cut.gaps[0]?.why).toMatch(/not JSON/);
	expect(runHook(cut.ruleset, 'input', packet(), env).verdict).toBe('undetermined');
});

test('a hundred thousand entries of ipset', () => {
	const entries = Array.from({length: count}, (_, i) => `add many 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
	const ipsets = `create many hash:ip family inet hashsize 65536 maxelem 200000\n${entries.join('\n')}\n`;
	const iptablesLegacy = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set many src -j DROP\nCOMMIT\n';
	const ms = cpuTime(() => {
		const {ruleset} = parseRulesets(rulesets({iptablesLegacy, ipsets}));
		for (let i = 0; i < 100; i++) expect(runHook(ruleset, 'input', packet({src: `10.1.134.${i}`}), env).verdict).toBe('drop');
		expect(runHook(ruleset, 'input', packet({src: '10.9.9.9'}), env).verdict).toBe('accept');
	});
	expect(ms).toBeLessThan(10_000);
});
