import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Rulesets} from '../../source/model/index.js';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {runHook} from '../../source/netfilter/walk.js';
import {runs} from '../runs.js';
import {dump, hostWith, packet, rulesets} from './dump.js';

const text = (group: Rulesets[keyof Rulesets]) => (group.read ? group.value : '');

describe('one model out of both dumps', () => {
	test.each(['engine-20', 'engine-26', 'engine-28', 'engine-29-iptables-portmap', 'extensions'])(
		'%s: every rule of iptables-save has the handle that nft gives it',
		name => {
			const {ruleset, gaps} = parseRulesets(dump(name));
			const rules = ruleset.tables.flatMap(({chains}) => [...chains.values()].flatMap(chain => chain.rules));
			expect(gaps).toEqual([]);
			expect(rules.length).toBe((text(dump(name).iptables) + text(dump(name).ip6tables)).match(/^\[\d+:\d+\] -A /gm)?.length);
			expect(rules.filter(({handle}) => handle === null)).toEqual([]);
			expect(rules.map(rule => rule.text).every(line => line.startsWith('-A '))).toBe(true);
		},
	);

	test('the nth rule in words has the handle of the nth in JSON', () => {
		const {ruleset} = parseRulesets(dump('engine-28'));
		const chain = ruleset.tables.find(({family, name}) => family === 'ip' && name === 'raw')?.chains.get('PREROUTING');
		const {nftables} = JSON.parse(text(dump('engine-28').nft)) as {
			nftables: {rule?: {table: string; chain: string; handle: number; expr: unknown}}[];
		};
		const raw = nftables.flatMap(({rule}) => (rule?.table === 'raw' ? [rule] : []));
		expect(chain?.rules.map(({handle}) => handle)).toEqual(raw.map(({handle}) => handle));
		for (const [index, rule] of (chain?.rules ?? []).entries()) {
			const address = /-d ([\d.]+)/.exec(rule.text)?.[1] ?? 'none';
			expect(JSON.stringify(raw[index]?.expr)).toContain(address);
		}
	});

	test('built-in chains that the kernel has not hooked in are no base chains', () => {
		const {ruleset} = parseRulesets(dump('engine-28'));
		const nat = ruleset.tables.find(({family, name}) => family === 'ip' && name === 'nat');
		const {nftables} = JSON.parse(text(dump('engine-28').nft)) as {nftables: {chain?: {family: string; table: string; hook?: string}}[]};
		const registered = nftables.filter(({chain}) => chain?.family === 'ip' && chain.table === 'nat' && chain.hook).length;
		expect(text(dump('engine-28').iptables)).toContain(':INPUT ACCEPT');
		expect(nat?.chains.get('INPUT')?.base ?? null).toBeNull();
		expect([...(nat?.chains.values() ?? [])].filter(({base}) => base).length).toBe(registered);
	});
});

describe('what was not read is a gap, and the hook stays open', () => {
	const env = hostWith(['10.99.0.1']);

	test.each(['iptables', 'nft'] as const)('%s cut off', key => {
		const whole = dump('engine-28');
		const cut = {...whole, [key]: {read: true, source: '', command: 'reader', value: text(whole[key]).slice(0, 1500)}} as Rulesets;
		const {ruleset, gaps} = parseRulesets(
			key === 'iptables' ? {...cut, nft: {read: false, gap: {id: 'no-program', why: 'nft is not installed', tell: 'nftables'}}} : cut,
		);
		expect(gaps.map(({id}) => id)).toContain('read-failed');
		const result = runHook(ruleset, 'forward', packet({dst: '172.17.0.2', dport: 80, oif: 'docker0'}), env);
		expect(result.verdict).toBe('undetermined');
		expect(result.unknown?.why).toMatch(/not installed|cut off|not JSON/);
	});

	test('iptables-save alone: native tables of nft may exist', () => {
		const {ruleset, gaps} = parseRulesets({
			...dump('engine-28'),
			nft: {read: false, gap: {id: 'no-permission', why: 'rules are readable by root only', tell: 'sudo dockhop'}},
		});
		expect(gaps).toHaveLength(1);
		const result = runHook(ruleset, 'prerouting', packet(), env);
		expect(result).toMatchObject({verdict: 'undetermined', unknown: {id: 'no-permission'}, beyond: {dst: '172.17.0.2', dport: 80}});
	});

	test('nft alone: what it does not print of an extension leaves open only what depends on it', () => {
		const {ruleset, gaps} = parseRulesets({
			...dump('engine-28'),
			iptables: {read: false, gap: {id: 'no-program', why: 'iptables-save is not installed', tell: 'iptables'}},
		});
		expect(gaps).toEqual([]);
		const result = runHook(ruleset, 'prerouting', packet(), env);
		expect(result).toMatchObject({verdict: 'undetermined', unknown: {id: 'rule-not-understood'}});
		expect(result.unknown?.why).toContain('nat ');
		const direct = runHook(ruleset, 'prerouting', packet({dst: '172.17.0.2', dport: 80}), env);
		expect(direct).toMatchObject({verdict: 'drop', decided: {table: 'raw', chain: 'PREROUTING'}});
	});
});

test('no dump, however broken, makes the reader throw or hang', () => {
	const whole = {...dump('engine-28'), ipsets: dump('extensions').ipsets};
	const groups = ['iptables', 'ip6tables', 'iptablesLegacy', 'nft', 'ipsets'] as const;
	const broken = fc.tuple(
		fc.constantFrom(...groups),
		fc.nat(),
		fc.nat(400),
		fc.oneof(fc.string(), fc.constantFrom('"', '\\', '-A', '!', '{', ']', 'null', '\u001b[31m', ' -m ')),
	);
	fc.assert(
		fc.property(broken, ([key, at, length, put]) => {
			const value = text(key === 'iptablesLegacy' ? whole.iptables : whole[key]);
			const start = at % (value.length + 1);
			const changed = value.slice(0, start) + put + value.slice(start + length);
			const {ruleset} = parseRulesets({...whole, [key]: {read: true, value: changed, source: '', command: ''}});
			for (const hook of ['prerouting', 'forward', 'output', 'postrouting'] as const) {
				const result = runHook(ruleset, hook, packet({oif: 'docker0'}), hostWith(['10.99.0.1']));
				expect(['accept', 'drop', 'reject', 'queue', 'stolen', 'undetermined']).toContain(result.verdict);
				expect(result.steps.every(({text, why}) => !/\p{Cc}/u.test(text + why))).toBe(true);
			}
		}),
		{numRuns: runs(150)},
	);
	expect(parseRulesets(rulesets({nft: '[]'})).gaps).toHaveLength(1);
});
