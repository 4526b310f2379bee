import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {missingTable} from '../../source/kernel/rulesets.js';
import type {Rulesets} from '../../source/model/index.js';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {WalkPacket} from '../../source/netfilter/types.js';
import {runHook} from '../../source/netfilter/walk.js';
import {runs} from '../runs.js';
import {dump, hostWith, packet} from './dump.js';

/** A dump of which a part is missing never lets through what the whole one stops, and what is open is said to be open. */
const env = hostWith(['10.99.0.1']);
const dumps = ['engine-20', 'engine-26', 'engine-28', 'engine-29-iptables-portmap', 'engine-29-nft-portmap', 'ufw', 'firewalld'];
const packets: {hook: 'prerouting' | 'input' | 'forward'; changes: Partial<WalkPacket>}[] = [
	{hook: 'prerouting', changes: {}},
	{hook: 'prerouting', changes: {dst: '172.17.0.2', dport: 80}},
	{hook: 'input', changes: {dport: 81}},
	{hook: 'forward', changes: {dst: '172.17.0.2', dport: 81, oif: 'docker0'}},
	{hook: 'forward', changes: {dst: '192.0.2.2', dport: 81, oif: 'bridge1'}},
	{hook: 'forward', changes: {dst: '172.17.0.2', dport: 80, oif: 'docker0'}},
];

const verdicts = (rules: Rulesets) => {
	const {ruleset} = parseRulesets(rules);
	return packets.map(({hook, changes}) => runHook(ruleset, hook, packet(changes), env).verdict);
};

const text = (group: Rulesets['nft']) => (group.read ? group.value : '');
const withText = (rules: Rulesets, key: keyof Rulesets, value: string): Rulesets => ({
	...rules,
	[key]: {read: true, value, source: 'test', command: 'reader'},
});

describe.each(dumps)('%s', name => {
	const whole = dump(name);
	const expected = verdicts(whole);

	test('stops something, so that a part that is missing could matter', () => {
		expect(expected.some(verdict => verdict === 'drop' || verdict === 'reject')).toBe(true);
	});

	test.each(['iptables', 'nft'] as const)('%s cut off anywhere', key => {
		const value = text(whole[key]);
		if (value.trim() === '') return;
		fc.assert(
			fc.property(fc.nat(value.trimEnd().length - 1), length => {
				const cut = withText(whole, key, value.slice(0, length));
				for (const [index, verdict] of verdicts(cut).entries()) expect([expected[index], 'undetermined']).toContain(verdict);
			}),
			{numRuns: runs(40)},
		);
	});

	test('lines of iptables-save left out', () => {
		const lines = text(whole.iptables).split('\n');
		const rules = lines.flatMap((line, index) => (/^(\[\d+:\d+\] )?-A /.test(line) ? [index] : []));
		if (rules.length === 0) return;
		fc.assert(
			fc.property(fc.constantFrom(...rules), fc.integer({min: 1, max: 4}), (at, count) => {
				const left = lines.filter((line, index) => index < at || index >= at + count || !line.includes('-A '));
				for (const [index, verdict] of verdicts(withText(whole, 'iptables', left.join('\n'))).entries())
					expect([expected[index], 'undetermined']).toContain(verdict);
			}),
			{numRuns: runs(30)},
		);
	});

	test("tables, chains and rules of iptables left out of nft's list", () => {
		const {nftables} = JSON.parse(text(whole.nft)) as {nftables: Record<string, {family?: string; table?: string; name?: string}>[]};
		const saved = new Set([...text(whole.iptables).matchAll(/^\*(\S+)/gm)].map(match => match[1]));
		const ofIptables = nftables.flatMap((object, index) => {
			const {family, table, name: own} = object.table ?? object.chain ?? object.rule ?? {};
			return family === 'ip' && saved.has(object.table ? own : table) ? [index] : [];
		});
		if (ofIptables.length === 0) return;
		fc.assert(
			fc.property(fc.constantFrom(...ofIptables), at => {
				const left = JSON.stringify({nftables: nftables.filter((_, index) => index !== at)});
				for (const [index, verdict] of verdicts(withText(whole, 'nft', left)).entries())
					expect([expected[index], 'undetermined']).toContain(verdict);
			}),
			{numRuns: runs(30)},
		);
	});
});

test('iptables-legacy cut off: open everywhere, or (between two tables) known by the names that the kernel gives', () => {
	const whole = text(dump('engine-28').iptables);
	const names = [...whole.matchAll(/^\*(\S+)/gm)].map(match => match[1]).join('\n');
	expect(missingTable(`${names}\n`, whole)).toBeNull();
	expect(missingTable('', '')).toBeNull();
	fc.assert(
		fc.property(fc.nat(whole.trimEnd().length - 1), length => {
			const cut = whole.slice(0, length);
			const {ruleset, gaps} = parseRulesets(withText(withText(dump('engine-28'), 'iptables', ''), 'iptablesLegacy', cut));
			const isSeen = gaps.length > 0 && ruleset.unread.length > 0;
			const lastTable = cut.lastIndexOf('COMMIT') >= whole.lastIndexOf('COMMIT');
			expect(isSeen || missingTable(names, cut) !== null || lastTable).toBe(true);
		}),
		{numRuns: runs(80)},
	);
});
