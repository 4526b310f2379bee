import {expect, test} from 'vitest';
import type {Hook, NetnsFacts, Rulesets} from '../../source/model/index.js';
import {addressType, fibOf, isGap} from '../../source/netfilter/fib.js';
import {hookEnv} from '../../source/netfilter/hook-env.js';
import {lookupRoute, type RouteKey} from '../../source/netfilter/routing.js';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {WalkPacket} from '../../source/netfilter/types.js';
import {runEmptyHook, runHook} from '../../source/netfilter/walk.js';
import {recorded} from '../diagnosis/recorded.js';
import {packet, rulesets} from './dump.js';

const snapshot = await recorded('28');
const namespaces: NetnsFacts[] = [snapshot.host, ...Object.values(snapshot.containers).map(({netns}) => netns)];
const hooks: Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

test('a hook without rules makes of a packet what the whole walk makes of it', () => {
	const states = ['new', 'established', 'invalid', 'untracked', null] as const;
	const rewrites = [
		{src: null, dst: null},
		{src: {address: '192.0.2.1', port: 7}, dst: {address: '192.0.2.2', port: 8}},
	];
	let compared = 0;
	for (const facts of namespaces) {
		const {ruleset} = parseRulesets(facts.rulesets);
		for (const hook of hooks) {
			for (const ctState of states) {
				for (const ctRewrite of rewrites) {
					for (const ctDecided of [
						{src: false, dst: false},
						{src: true, dst: true},
					]) {
						const one = packet({ctState, ctRewrite, ctDecided, oif: 'eth0', ctCarried: hook === 'prerouting' && ctDecided.src});
						const quick = runEmptyHook(ruleset, hook, one);
						if (!quick) continue;
						const whole = runHook(ruleset, hook, one, hookEnv(facts), (again: WalkPacket) => again);
						expect({...quick.packet}).toEqual({...whole.packet});
						expect([quick.verdict, quick.beyond, quick.steps]).toEqual([whole.verdict, whole.beyond, whole.steps]);
						compared++;
					}
				}
			}
		}
	}
	expect(compared).toBeGreaterThan(200);
});

test('a hook with rules, or with rules that were not read, has no short way', () => {
	const host = parseRulesets(snapshot.host.rulesets).ruleset;
	// The recorded host has no rule in INPUT.
	expect(hooks.filter(hook => runEmptyHook(host, hook, packet()) !== null)).toEqual(['input']);
	const unread: Rulesets = {...rulesets({}), nft: {read: false, gap: {id: 'no-permission', why: 'root only', tell: 'sudo'}}};
	expect(runEmptyHook(parseRulesets(unread).ruleset, 'input', packet())).toBeNull();
});

test('chains of equal priority have no short way, and have their say only where no order silences them', () => {
	const table = (name: string, rule: object[]) => [
		{table: {family: 'ip', name, handle: 1}},
		{chain: {family: 'ip', table: name, name: 'c', handle: 1, type: 'filter', hook: 'input', prio: 0, policy: 'accept'}},
		{rule: {family: 'ip', table: name, chain: 'c', handle: 2, expr: rule}},
	];
	const saying = (...rules: object[][]) => {
		const nftables = rules.flatMap((rule, index) => table(`t${index}`, rule));
		const {ruleset} = parseRulesets(rulesets({nft: JSON.stringify({nftables})}));
		expect(runEmptyHook(ruleset, 'input', packet())).toBeNull();
		const result = runHook(ruleset, 'input', packet(), hookEnv(snapshot.host));
		const certain = result.steps.filter(({matched, rule}) => matched === true && rule !== null);
		expect(result.hasSay(true)).toBe(certain.length > 0);
		expect(result.hasSay(false)).toBe(certain.some(({verdict}) => verdict === 'accept' || verdict === 'drop'));
		return result.hasSay(false);
	};
	const marks = {mangle: {key: {meta: {key: 'mark'}}, value: 5}};
	const isMarked = {match: {op: '==', left: {meta: {key: 'mark'}}, right: 5}};
	expect(saying([marks], [{accept: null}])).toBe(true);
	expect(saying([marks], [isMarked, {accept: null}])).toBe(false);
	expect(saying([{counter: {packets: 0, bytes: 0}}], [{counter: {packets: 0, bytes: 0}}])).toBe(false);
});

test('routes remembered by destination are the ones that are looked up anew', () => {
	let remembered = 0;
	for (const facts of namespaces) {
		const fib = fibOf(facts);
		if (isGap(fib)) continue;
		const addresses = [
			'10.99.0.1',
			'10.99.0.2',
			'172.17.0.2',
			'172.18.0.3',
			'127.0.0.1',
			'192.0.2.1',
			'2001:db8::1',
			'::1',
			'255.255.255.255',
		];
		for (const dst of addresses) {
			for (const [src, iif, mark] of [
				[null, null, 0],
				['10.99.0.2', 'eth0', 0],
				['172.17.0.2', 'docker0', 5],
			] as const) {
				const family = dst.includes(':') ? 6 : 4;
				const key: RouteKey = {family, dst, src, iif, oif: null, mark, tos: 0, uid: 0, proto: 'tcp', sport: 1, dport: 2};
				const answer = lookupRoute(fib, key);
				expect(answer).toEqual(lookupRoute({...fib, byDestination: null}, key));
				if (fib.byDestination?.[family].get(dst) === answer) remembered++;
			}
			expect(addressType(facts, dst, dst.includes(':') ? 6 : 4, 'lo')).toBe(addressType({...facts}, dst, dst.includes(':') ? 6 : 4, 'lo'));
		}
	}
	expect(remembered).toBeGreaterThan(50);
});

test.each([
	{fwmark: 1},
	{iif: 'eth0'},
	{src: '10.0.0.0/8'},
	{uidrange: [0, 10] as [number, number]},
	{dport: [80, 80] as [number, number]},
	{tos: 8},
])('where a routing rule asks for more than the destination (%j), no route is remembered', asked => {
	const {routingRules} = snapshot.host;
	if (!routingRules.read) throw new Error('not in the recording');
	const [first] = routingRules.value;
	if (!first) throw new Error('the recording has no rule');
	const fib = fibOf({...snapshot.host, routingRules: {...routingRules, value: [...routingRules.value, {...first, ...asked}]}});
	expect(isGap(fib) ? fib : fib.byDestination).toBeNull();
});

test('namespaces with the same short rules share them; what could not be parsed names the command of its own namespace', () => {
	const [one, other] = [rulesets({}), rulesets({})];
	expect(parseRulesets(one)).toBe(parseRulesets(other));
	const broken = (command: string): Rulesets => ({...rulesets({}), nft: {read: true, value: '{', source: 'test', command}});
	expect(parseRulesets(broken('nsenter -t 1 -n nft list ruleset')).gaps[0]?.tell).toBe('nsenter -t 1 -n nft list ruleset');
	expect(parseRulesets(broken('nsenter -t 2 -n nft list ruleset')).gaps[0]?.tell).toBe('nsenter -t 2 -n nft list ruleset');
});
