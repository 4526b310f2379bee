import {describe, expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {HookResult, WalkPacket} from '../../source/netfilter/types.js';
import {runHook} from '../../source/netfilter/walk.js';
import {dump, hostWith, packet} from './dump.js';

function input(name: string, changes: Partial<WalkPacket>): HookResult {
	return runHook(parseRulesets(dump(name)).ruleset, 'input', packet(changes), hostWith(['10.99.0.1', 'fd00:99::1']));
}

const six = {family: 6, src: 'fd00:99::2', dst: 'fd00:99::1'} as const;

/** ufw with: allow 22/tcp; limit 2222/tcp; deny from 10.66.0.0/16 (rules as its engine wrote them). */
describe('ufw', () => {
	test.each<[string, Partial<WalkPacket>, string]>([
		['an allowed port', {dport: 22}, 'accept'],
		['an allowed port over IPv6', {...six, dport: 22}, 'accept'],
		['another port', {dport: 8080}, 'drop'],
		['another port over IPv6', {...six, dport: 8080}, 'drop'],
		['a port that is limited', {dport: 2222}, 'undetermined'],
		['a denied client', {dport: 2222, src: '10.66.1.1'}, 'undetermined'],
		['loopback', {iif: 'lo', src: '127.0.0.1', dst: '127.0.0.1'}, 'accept'],
		['an established connection', {ctState: 'established', dport: 8080, tcpFlags: ['ack']}, 'accept'],
	])('%s', (_what, changes, verdict) => {
		const result = input('ufw', changes);
		expect({verdict: result.verdict, why: result.unknown?.why}).toEqual({
			verdict,
			why: verdict === 'undetermined' ? expect.stringContaining('recent') : undefined,
		});
	});

	test('the rule that accepts is labelled as the user’s own', () => {
		expect(input('ufw', {dport: 22}).met.at(-1)).toMatchObject({chain: 'ufw-user-input', verdict: 'accept', label: 'your ufw rule'});
	});
});

/** firewalld: zone public with ssh, dhcpv6-client and 8080/tcp; a rich rule rejects 10.66.0.0/16. Native nft. */
describe('firewalld', () => {
	test.each<[string, Partial<WalkPacket>, string]>([
		['an open port', {dport: 8080}, 'accept'],
		['a service', {dport: 22}, 'accept'],
		['another port', {dport: 81}, 'reject'],
		['another port over IPv6', {...six, dport: 81}, 'reject'],
		['a rejected client', {dport: 8080, src: '10.66.1.1'}, 'reject'],
		['an established connection', {dport: 81, ctState: 'established', tcpFlags: ['ack']}, 'accept'],
	])('%s', (_what, changes, verdict) => {
		const result = input('firewalld', changes);
		expect({verdict: result.verdict, why: result.unknown}).toEqual({verdict, why: null});
	});

	test('says what the client gets', () => {
		expect(input('firewalld', {dport: 81}).decided).toMatchObject({table: 'firewalld', reject: 'icmp-admin-prohibited', backend: 'nft'});
		expect(input('firewalld', {...six, dport: 81}).decided).toMatchObject({reject: 'icmp6-admin-prohibited'});
	});

	test('every rule is understood', () => {
		const {ruleset, gaps} = parseRulesets(dump('firewalld'));
		expect(gaps).toEqual([]);
		for (const hook of ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const) {
			for (const changes of [{}, six]) {
				const result = runHook(ruleset, hook, packet({oif: 'eth0', ...changes}), hostWith(['10.99.0.1']));
				expect(result.steps.filter(({matched}) => matched === null)).toEqual([]);
			}
		}
	});
});
