import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {WalkPacket} from '../../source/netfilter/types.js';
import {runHook} from '../../source/netfilter/walk.js';
import {dump, hostWith, packet, rulesets} from './dump.js';

/** Every rule of the dump alone in its chain, as nft -j printed it, meets the packet. */
function alone(
	text: string,
	changes: Partial<WalkPacket>,
): {matched: boolean | null; verdict: string; mark: number; ctMark: number; dst: string} {
	const whole = dump('nft-expressions').nft;
	const {nftables} = JSON.parse(whole.read ? whole.value : '') as {nftables: {rule?: object}[]};
	const {ruleset} = parseRulesets(dump('nft-expressions'));
	const rules = ruleset.tables[0]?.chains.get('c')?.rules ?? [];
	const number = rules.find(rule => rule.text === text)?.number;
	if (number === undefined) throw new Error(`${text} is not one of\n${rules.map(rule => rule.text).join('\n')}`);
	const one = nftables.filter(object => object.rule === undefined).concat(nftables.filter(object => object.rule)[number - 1] ?? []);
	const result = runHook(
		parseRulesets(rulesets({nft: JSON.stringify({nftables: one})})).ruleset,
		'input',
		packet(changes),
		hostWith(['10.99.0.1']),
	);
	const {mark, ctMark, dst} = result.packet;
	return {matched: result.steps[0]?.matched ?? null, verdict: result.verdict, mark, ctMark, dst};
}

const udp = {proto: 'udp', tcpFlags: []};

test.each<[string, Partial<WalkPacket>, Partial<ReturnType<typeof alone>>]>([
	['udp dport 53 drop', {...udp, dport: 53}, {verdict: 'drop'}],
	['udp dport 53 drop', {dport: 53}, {verdict: 'accept', matched: false}],
	['add @seen { udp sport } drop', udp, {verdict: 'drop'}],
	['add @seen { udp sport } drop', {}, {verdict: 'accept', matched: false}],
	['ip saddr . udp dport { 1.1.1.1 . 53 } drop', {...udp, src: '1.1.1.1', dport: 53}, {verdict: 'drop'}],
	['meta l4proto { tcp, udp } th dport 53 drop', {dport: 53}, {verdict: 'drop'}],
	['ip saddr . meta l4proto . th dport { 1.1.1.1 . tcp . 53 } drop', {src: '1.1.1.1', dport: 53}, {verdict: 'drop'}],
	['meta mark set tcp dport map { 80 : 1, 443 : 2 }', {dport: 443}, {mark: 2}],
	['meta mark set tcp dport map { 80 : 1, 443 : 2 }', {dport: 444}, {mark: 0, matched: false}],
	['ct mark set ip saddr map { 1.1.1.1 : 5, 2.2.2.2 : 6 }', {src: '2.2.2.2'}, {ctMark: 6}],
	['ip daddr set tcp dport map { 80 : 1.1.1.1 }', {dport: 80}, {dst: '1.1.1.1'}],
	['meta mark set meta mark << 0x1', {mark: 3}, {mark: 6}],
	['meta mark set numgen inc mod 2 offset 1', {}, {verdict: 'undetermined'}],
	['ip option exists drop', {}, {verdict: 'accept', matched: false}],
	['ip saddr . ip daddr vmap { 1.1.1.1 . 2.2.2.2 : drop }', {src: '1.1.1.1', dst: '2.2.2.2'}, {verdict: 'drop'}],
	['ip frag-off & 8191 != 0 drop', {}, {verdict: 'accept', matched: false}],
	['ip protocol vmap { tcp : drop, udp : accept }', {}, {verdict: 'drop'}],
	['tcp flags vmap { syn : drop }', {}, {verdict: 'drop'}],
	['tcp flags vmap { syn : drop }', {tcpFlags: ['ack']}, {verdict: 'accept'}],
	['tcp flags != syn drop', {tcpFlags: ['syn', 'ack']}, {verdict: 'drop'}],
	['tcp flags { syn, ack } drop', {}, {verdict: 'drop'}],
	['ct state { established, new } accept', {}, {matched: true}],
	['ct status snat,dnat accept', {ctNat: {snat: true, dnat: false}}, {matched: true}],
	['ct status snat,dnat accept', {}, {matched: false}],
	['ct status != dnat accept', {}, {verdict: 'accept', matched: null}],
	['ct original saddr 1.1.1.1 drop', {src: '1.1.1.1'}, {verdict: 'drop'}],
	['ct reply ip saddr 1.1.1.1 drop', {dst: '1.1.1.1'}, {verdict: 'drop'}],
	['ct mark 0x1-0x5 drop', {ctMark: 5}, {verdict: 'drop'}],
	['ct mark 0x1-0x5 drop', {ctMark: 6}, {verdict: 'accept'}],
	['ct count val 5 drop', {}, {verdict: 'undetermined'}],
	['meta day Monday drop', {}, {verdict: 'undetermined'}],
	['icmp code net-unreachable drop', {}, {verdict: 'accept', matched: false}],
	['icmp code net-unreachable drop', {proto: 'icmp', icmpType: 3, icmpCode: 0}, {verdict: 'drop'}],
	['tcp window 5 drop', udp, {verdict: 'accept', matched: false}],
	['tcp window 5 drop', {}, {verdict: 'undetermined'}],
	['meta iiftype loopback drop', {iif: 'lo'}, {verdict: 'drop'}],
	['iif != "lo" drop', {}, {verdict: 'drop'}],
	['log group 3 accept', {}, {verdict: 'accept'}],
])('%s: %j', (text, changes, expected) => {
	expect(alone(text, changes)).toMatchObject(expected);
});
