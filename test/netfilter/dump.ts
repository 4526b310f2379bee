import {readFileSync} from 'node:fs';
import type {Group, Rulesets} from '../../source/model/index.js';
import type {HookEnv, WalkPacket} from '../../source/netfilter/types.js';

/** Rule dumps that a real kernel gave (test/netfilter/dumps): every group was read. */
export function dump(name: string): Rulesets {
	const texts = JSON.parse(readFileSync(new URL(`dumps/${name}.json`, import.meta.url), 'utf8')) as Record<keyof Rulesets, string>;
	return rulesets(texts);
}

/** Rulesets out of texts; groups not given are empty. */
export function rulesets(texts: Partial<Record<keyof Rulesets, string>>): Rulesets {
	const group = (value = ''): Group<string> => ({read: true, value, source: 'test', command: 'nft -j list ruleset'});
	return {
		iptables: group(texts.iptables),
		ip6tables: group(texts.ip6tables),
		iptablesLegacy: group(texts.iptablesLegacy),
		ip6tablesLegacy: group(texts.ip6tablesLegacy),
		nft: group(texts.nft || '{"nftables": []}'),
		ipsets: group(texts.ipsets),
	};
}

/**
 * The same, where the rules of `iptables` were changed: nft's list gets as many rules in each chain (empty ones: their words are taken from
 * iptables-save), as it would have read them.
 */
export function fitting(changed: Rulesets): Rulesets {
	const {iptables, nft} = changed;
	if (!iptables.read || !nft.read) return changed;
	const document = JSON.parse(nft.value) as {nftables: {rule?: {family: string; table: string; chain: string; handle: number}}[]};
	const isOf = (object: (typeof document.nftables)[number], table: string, chain: string) =>
		object.rule?.family === 'ip' && object.rule.table === table && object.rule.chain === chain;
	let nftables = document.nftables;
	for (const [, table = '', body = ''] of iptables.value.matchAll(/^\*(\S+)\n([\s\S]*?)^COMMIT$/gm)) {
		for (const [, chain = ''] of body.matchAll(/^:(\S+)/gm)) {
			const wanted = [...body.matchAll(/^(?:\[\d+:\d+\] )?-A (\S+)/gm)].filter(match => match[1] === chain).length;
			const there = nftables.filter(object => isOf(object, table, chain)).slice(0, wanted);
			const added = Array.from({length: wanted - there.length}, (_, i) => ({
				rule: {family: 'ip', table, chain, handle: 90_000 + i, expr: []},
			}));
			nftables = [...nftables.filter(object => !isOf(object, table, chain)), ...there, ...added];
		}
	}
	return {...changed, nft: {...nft, value: JSON.stringify({nftables})}};
}

/** The first packet of a TCP connection from a LAN client to port 8080; changed in the fields given. */
export function packet(changes: Partial<WalkPacket> = {}): WalkPacket {
	const base: WalkPacket = {
		family: 4,
		iif: 'eth0',
		oif: null,
		src: '10.99.0.2',
		dst: '10.99.0.1',
		sport: 40000,
		dport: 8080,
		proto: 'tcp',
		physIn: null,
		physOut: null,
		smac: '02:00:00:00:00:02',
		dmac: '02:00:00:00:00:01',
		ttl: 64,
		length: 60,
		dscp: 0,
		mark: 0,
		tcpFlags: ['syn'],
		icmpType: null,
		icmpId: null,
		icmpCode: null,
		uid: null,
		gid: null,
		local: false,
		ctState: 'new',
		ctMark: 0,
		ctDirection: 'original',
		ctOriginal: null,
		ctReply: null,
		ctNat: {snat: false, dnat: false},
		ctDecided: {src: false, dst: false},
		ctRewrite: {src: null, dst: null},
		...changes,
	};
	const {src, dst, sport, dport} = base;
	return {
		...base,
		ctOriginal: changes.ctOriginal ?? {src, dst, sport, dport},
		ctReply: changes.ctReply ?? {src: dst, dst: src, sport: dport, dport: sport},
	};
}

/** A host whose own addresses are given; all else is unicast, and it masquerades as the first of them. */
export function hostWith(addresses: string[]): HookEnv {
	return {
		addressType: address => (addresses.includes(address) || address.startsWith('127.') ? 'local' : 'unicast'),
		fibOif: () => ({oif: 'eth0'}),
		masqueradeAddress: () => addresses[0] ?? null,
		redirectAddress: (_packet, hook) => (hook === 'output' ? '127.0.0.1' : (addresses[0] ?? null)),
		reversePath: () => true,
		listener: () => 'none',
		routesByMark: () => false,
		unroutable: () => false,
		link: name => ({index: 1, kind: name === 'lo' ? 'loopback' : 'veth', group: 0}),
		firstAddress: () => addresses[0] ?? null,
	};
}
