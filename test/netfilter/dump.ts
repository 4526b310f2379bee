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
		nft: group(texts.nft),
		ipsets: group(texts.ipsets),
	};
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
		socket: () => false,
		routesByMark: () => false,
		unroutable: () => false,
		link: name => ({index: 1, kind: name === 'lo' ? 'loopback' : 'veth'}),
	};
}
