import {describe, expect, test} from 'vitest';
import type {Hook} from '../../source/model/index.js';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {HookResult, WalkPacket} from '../../source/netfilter/types.js';
import {runHook} from '../../source/netfilter/walk.js';
import {dump, fitting, hostWith, packet, rulesets} from './dump.js';

const env = hostWith(['10.99.0.1', '192.168.1.5']);

function walk(name: string, hook: Hook, changes: Partial<WalkPacket>): HookResult {
	return runHook(parseRulesets(dump(name)).ruleset, hook, packet(changes), env);
}

const bridges = {
	'engine-20': {bridge: 'docker0', address: '172.17.0.2'},
	'engine-26': {bridge: 'docker0', address: '172.17.0.2'},
	'engine-28': {bridge: 'docker0', address: '172.17.0.2'},
	'engine-29-iptables-portmap': {bridge: 'bridge1', address: '192.0.2.2'},
	'engine-29-nft-portmap': {bridge: 'bridge1', address: '192.0.2.2'},
	'engine-29-iptables-portmap-noproxy': {bridge: 'bridge1', address: '192.0.2.2'},
	'engine-29-nft-portmap-noproxy': {bridge: 'bridge1', address: '192.0.2.2'},
};

describe.each(Object.entries(bridges))('%s', (name, {bridge, address}) => {
	test('a published port is rewritten in prerouting and accepted in forward', () => {
		const before = walk(name, 'prerouting', {});
		expect(before).toMatchObject({
			verdict: 'accept',
			unknown: null,
			packet: {dst: address, dport: 80, ctNat: {dnat: true, snat: false}, ctDecided: {dst: true}},
		});
		expect(before.packet.ctReply).toEqual({src: address, sport: 80, dst: '10.99.0.2', dport: 40000});
		const step = before.steps.find(({rewrite}) => rewrite);
		expect(step).toMatchObject({
			matched: true,
			verdict: 'accept',
			label: 'published port',
			rewrite: {before: {dst: '10.99.0.1', dport: 8080}, after: {dst: address, dport: 80}},
		});
		expect(step?.handle).toBeGreaterThan(0);
		const forward = walk(name, 'forward', {...before.packet, oif: bridge});
		expect(forward).toMatchObject({verdict: 'accept', unknown: null});
		expect(forward.steps.filter(({verdict}) => verdict === 'accept').at(-1)?.text).toContain('dport 80');
	});

	test('another port of the container is not accepted on its way in', () => {
		const forward = walk(name, 'forward', {dst: address, dport: 81, oif: bridge});
		// Engines before 28 leave it to the policy of FORWARD, which they set only where they switched forwarding on.
		expect(forward.verdict).toBe('drop');
		expect(forward.decided).toMatchObject({matched: true});
	});

	test('the container masquerades towards others, and not towards its own network', () => {
		const out = walk(name, 'postrouting', {iif: bridge, oif: 'eth0', src: address, dst: '10.99.0.2', dport: 443});
		expect(out).toMatchObject({verdict: 'accept', packet: {src: '10.99.0.1', sport: 40000, ctNat: {snat: true}}});
		expect(out.steps.find(({rewrite}) => rewrite)?.label).toBe('masquerade');
		const within = walk(name, 'postrouting', {iif: bridge, oif: bridge, src: address, dst: address.replace(/2$/, '7'), dport: 443});
		expect(within.packet.src).toBe(address);
	});

	test('an answer of an established connection passes and meets no nat chain', () => {
		const rewrite = {src: {address: '10.99.0.1', port: 8080}, dst: null};
		const answer = {
			iif: bridge,
			src: address,
			sport: 80,
			dst: '10.99.0.2',
			dport: 40000,
			ctState: 'established',
			ctDirection: 'reply',
			tcpFlags: ['syn', 'ack'],
			ctRewrite: rewrite,
		} as const;
		const before = walk(name, 'prerouting', {...answer, tcpFlags: ['syn', 'ack']});
		expect(before.steps.filter(({chain}) => /nat|DOCKER/.test(chain))).toEqual([]);
		expect(walk(name, 'forward', {...before.packet, oif: 'eth0'}).verdict).toBe('accept');
		const after = walk(name, 'postrouting', {...before.packet, oif: 'eth0'});
		expect(after.packet).toMatchObject({src: '10.99.0.1', sport: 8080});
		expect(after.steps.filter(({table}) => table === 'nat')).toEqual([]);
	});
});

test('direct access to a container is dropped in raw where the engine does so, with the rule and what lies beyond', () => {
	const result = walk('engine-28', 'prerouting', {dst: '172.17.0.2', dport: 80});
	expect(result).toMatchObject({
		verdict: 'drop',
		decided: {table: 'raw', chain: 'PREROUTING', label: 'direct access', verdict: 'drop'},
		beyond: {dst: '172.17.0.2'},
	});
	expect(result.steps).toContainEqual(result.decided);
	expect(walk('engine-26', 'prerouting', {dst: '172.17.0.2', dport: 80}).verdict).toBe('accept');
});

test('networks are kept apart', () => {
	const result = walk('engine-20', 'forward', {
		iif: 'docker0',
		src: '172.17.0.2',
		dst: '172.18.0.2',
		dport: 80,
		oif: bridgeOf('engine-20', '172.18.0.0/16'),
	});
	expect(result).toMatchObject({verdict: 'drop', decided: {chain: 'DOCKER-ISOLATION-STAGE-2', label: 'isolation'}});
});

test('a rule passed by says which match failed, in its own words, and whether the client could have been another', () => {
	const {steps} = walk('engine-28', 'postrouting', {oif: 'docker0', dst: '172.17.0.2', dport: 80});
	const others = steps.filter(({text, matched}) => text.includes('MASQUERADE') && matched === false);
	expect(others.map(({why}) => why?.replace(/[\d.]+\/16/, 'N'))).toEqual([
		'-s N: from 10.99.0.2',
		'-s N: from 10.99.0.2',
		'-s N: from 10.99.0.2',
	]);
	expect(others.map(({dividesBy}) => dividesBy)).toEqual([['saddr'], ['saddr'], []]);
});

describe('what cannot be told', () => {
	const filter = (...rules: string[]) =>
		fitting(
			rulesets({
				iptables: [
					'*filter',
					':INPUT ACCEPT [0:0]',
					':FORWARD ACCEPT [0:0]',
					':OUTPUT ACCEPT [0:0]',
					':MINE - [0:0]',
					...rules,
					'COMMIT',
					'',
				].join('\n'),
				nft: hooked,
			}),
		);
	const hooked = JSON.stringify({
		nftables: [
			{table: {family: 'ip', name: 'filter'}},
			{chain: {family: 'ip', table: 'filter', name: 'INPUT', type: 'filter', hook: 'input', prio: 0, policy: 'accept'}},
			{chain: {family: 'ip', table: 'filter', name: 'FORWARD', type: 'filter', hook: 'forward', prio: 0, policy: 'accept'}},
			{chain: {family: 'ip', table: 'filter', name: 'OUTPUT', type: 'filter', hook: 'output', prio: 0, policy: 'accept'}},
			{chain: {family: 'ip', table: 'filter', name: 'MINE'}},
		],
	});
	const input = (...rules: string[]) => runHook(parseRulesets(filter(...rules)).ruleset, 'input', packet(), env);

	test.each([
		['drops some', ['-A INPUT -m limit --limit 5/min -j DROP'], 'undetermined', 'no-fixed-answer'],
		['is not known', ['-A INPUT -m flurble --x 1 -j DROP'], 'undetermined', 'rule-not-understood'],
		['has a target that is not known', ['-A INPUT -j FLURBLE'], 'undetermined', 'rule-not-understood'],
		['could not match anyway', ['-A INPUT -m flurble --x 1 -p udp -j DROP'], 'accept', undefined],
		['only logs', ['-A INPUT -m limit --limit 5/min -j LOG'], 'accept', undefined],
		['comes to the same end', ['-A INPUT -m limit --limit 5/min -j ACCEPT', '-A INPUT -j ACCEPT'], 'accept', undefined],
		['comes to the same drop', ['-A INPUT -m limit --limit 5/min -j DROP', '-A INPUT -j DROP'], 'drop', undefined],
		[
			'stops either way, but with an error or without',
			['-A INPUT -m limit --limit 5/min -j REJECT', '-A INPUT -j DROP'],
			'refused',
			undefined,
		],
		['jumps to a chain that gives it back', ['-A INPUT -m limit --limit 5/min -j MINE', '-A MINE -p udp -j DROP'], 'accept', undefined],
		['sets a mark that nothing asks for', ['-A INPUT -m limit --limit 5/min -j MARK --set-xmark 0x1/0x1'], 'accept', undefined],
		[
			'sets a mark that a later hook asks for',
			['-A INPUT -m limit --limit 5/min -j MARK --set-xmark 0x1/0x1', '-A FORWARD -m mark --mark 0x1 -j DROP'],
			'undetermined',
			'no-fixed-answer',
		],
		['is overruled before', ['-A INPUT -p tcp -j ACCEPT', '-A INPUT -m limit --limit 5/min -j DROP'], 'accept', undefined],
	])('a rule that %s', (_what, rules, verdict, unknown) => {
		const result = input(...rules);
		expect(result.verdict).toBe(verdict);
		expect(result.unknown?.id).toBe(unknown);
	});

	test('names the rule and the match', () => {
		const result = input('-A INPUT -p udp -j DROP', '-A INPUT -m limit --limit 5/min -j DROP');
		expect(result.unknown?.why).toBe('filter INPUT rule 2: -m limit --limit 5/min: matches only so often');
		expect(result.decided).toMatchObject({rule: 2, matched: null});
	});

	test('a rule that adds to a set leaves open what the set says behind it', () => {
		const sets = {read: true, source: '', command: '', value: 'create seen hash:ip family inet hashsize 1024 maxelem 65536\n'} as const;
		const rules = filter('-A INPUT -j SET --add-set seen src', '-A INPUT -m set --match-set seen src -j DROP');
		expect(runHook(parseRulesets({...rules, ipsets: sets}).ruleset, 'input', packet(), env).verdict).toBe('undetermined');
		const before = filter('-A INPUT -m set --match-set seen src -j DROP', '-A INPUT -j SET --add-set seen src');
		expect(runHook(parseRulesets({...before, ipsets: sets}).ruleset, 'input', packet(), env).verdict).toBe('accept');
	});
});

function bridgeOf(name: string, subnet: string): string {
	const group = dump(name).iptables;
	return new RegExp(`-s ${subnet} ! -o (\\S+)`).exec(group.read ? group.value : '')?.[1] ?? '';
}
