import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {runHook} from '../../source/netfilter/walk.js';
import {hostWith, packet, rulesets} from './dump.js';

const nft = (rules: {chain: string; expr: object[]}[]) =>
	rulesets({
		nft: JSON.stringify({
			nftables: [
				{table: {family: 'ip', name: 't'}},
				{chain: {family: 'ip', table: 't', name: 'a', type: 'filter', hook: 'input', prio: 0, policy: 'accept'}},
				{chain: {family: 'ip', table: 't', name: 'b'}},
				...rules.map(rule => ({rule: {family: 'ip', table: 't', handle: 1, ...rule}})),
			],
		}),
	});

test.each([
	[
		'chains that call themselves',
		[
			{chain: 'a', expr: [{jump: {target: 'b'}}]},
			{chain: 'b', expr: [{jump: {target: 'b'}}]},
			{chain: 'b', expr: [{jump: {target: 'b'}}]},
		],
	],
	['a call of a chain that is not there', [{chain: 'a', expr: [{jump: {target: 'c'}}]}]],
	[
		'ever more possible marks',
		Array.from({length: 32}, (_, i) => ({
			chain: 'a',
			expr: [{limit: {rate: 1, per: 'second'}}, {mangle: {key: {meta: {key: 'mark'}}, value: {'|': [{meta: {key: 'mark'}}, 2 ** i]}}}],
		})),
	],
])('%s end, undetermined', (_what, rules) => {
	const result = runHook(parseRulesets(nft(rules)).ruleset, 'input', packet(), hostWith([]));
	expect(result.verdict).toBe('undetermined');
	expect(result.unknown?.why).toMatch(/too deep|too many|not in the dump/);
});

test('what a dump calls its chains and sets reaches nobody’s terminal as it is', () => {
	const odd = 'x\u001b[31m\u202e';
	const {ruleset} = parseRulesets(
		rulesets({
			nft: JSON.stringify({
				nftables: [
					{table: {family: 'ip', name: 't'}},
					{chain: {family: 'ip', table: 't', name: 'a', type: 'filter', hook: 'input', prio: 0, policy: 'accept'}},
					{chain: {family: 'ip', table: 't', name: odd}},
					{
						rule: {
							family: 'ip',
							table: 't',
							chain: 'a',
							handle: 1,
							comment: odd,
							expr: [{match: {op: '==', left: {meta: {key: 'iifname'}}, right: odd}}, {drop: null}],
						},
					},
					{rule: {family: 'ip', table: 't', chain: 'a', handle: 2, expr: [{jump: {target: odd}}]}},
					{
						rule: {
							family: 'ip',
							table: 't',
							chain: odd,
							handle: 3,
							expr: [{match: {op: '==', left: {meta: {key: 'iifname'}}, right: `@${odd}`}}, {drop: null}],
						},
					},
				],
			}),
		}),
	);
	const result = runHook(ruleset, 'input', packet(), hostWith([]));
	expect(result.steps.map(({rule, matched}) => [rule, matched])).toEqual([
		[1, false],
		[2, true],
		[1, null],
		[null, null],
	]);
	expect(JSON.stringify([result.steps, result.unknown])).not.toMatch(/\\u001b|\\u202e|\u202e/);
});
