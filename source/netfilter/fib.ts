import type {Gap, NetnsFacts} from '../model/index.js';
import {firstGap, interfaceSetting, sysctl, valueOr} from '../snapshot/netns.js';
import {askForDestination, type Fib, lookupRoute, type RouteAnswer, type RouteKey} from './routing.js';
import type {WalkPacket} from './types.js';

/** A namespace's routing tables, or the gap where they were not read. */
export function fibOf(facts: NetnsFacts): Fib | Gap {
	const fib = fibs.get(facts) ?? makeFib(facts);
	fibs.set(facts, fib);
	return fib;
}

const fibs = new WeakMap<NetnsFacts, Fib | Gap>();

function makeFib(facts: NetnsFacts): Fib | Gap {
	const gap = firstGap(facts.routes, facts.routingRules);
	if (gap) return gap;
	const links = valueOr(facts.links, []);
	const vrfs = new Set(links.filter(link => link.kind === 'vrf').map(link => link.name));
	for (const link of links) if (link.master !== null && vrfs.has(link.master)) vrfs.add(link.name);
	const routes = valueOr(facts.routes, []);
	const rules = valueOr(facts.routingRules, []);
	return {
		routes,
		rules,
		vrfs,
		byDestination: askForDestination({routes, rules, vrfs}) ? {4: new Map(), 6: new Map()} : null,
		hasOwnRules: rules.some(rule => rule.family === 4 && ![0, 32766, 32767].includes(rule.priority)),
		ignoresLinkDown: dev =>
			[4, 6].some(family => interfaceSetting(facts, family as 4 | 6, dev, 'ignore_routes_with_linkdown') === 1) ||
			sysctl(facts, 'net.ipv4.conf.all.ignore_routes_with_linkdown') === 1,
	};
}

export function isGap(value: object): value is Gap {
	return 'tell' in value;
}

/** The question that a packet asks of the routing tables. */
export function keyOf(packet: WalkPacket): RouteKey {
	return {
		family: packet.family,
		dst: packet.dst,
		src: packet.src,
		iif: packet.local ? null : packet.iif,
		oif: null,
		mark: packet.mark,
		tos: packet.dscp << 2,
		uid: packet.uid,
		proto: packet.proto,
		sport: packet.sport,
		dport: packet.dport,
	};
}

/**
 * What kind of address this is to the namespace, as `addrtype` and `fib … type` ask (inet_addr_type: the local table, else
 * unicast). null where routes were not read.
 */
export function addressType(facts: NetnsFacts, address: string, family: 4 | 6, dev: string | null): string | null {
	let known = types.get(facts);
	if (!known) {
		known = {4: new Map(), 6: new Map()};
		types.set(facts, known);
	}
	let onLink = known[family].get(dev);
	if (!onLink) {
		onLink = new Map();
		known[family].set(dev, onLink);
	}
	let type = onLink.get(address);
	if (type === undefined) {
		type = findType(facts, address, family, dev);
		onLink.set(address, type);
	}
	return type;
}

/** By family, link and address: rules ask for the same ones again and again. */
const types = new WeakMap<NetnsFacts, Record<4 | 6, Map<string | null, Map<string, string | null>>>>();

function findType(facts: NetnsFacts, address: string, family: 4 | 6, dev: string | null): string | null {
	const fib = fibOf(facts);
	if (isGap(fib)) return null;
	const fixed = fixedType(address, family);
	if (fixed) return fixed;
	const answer = lookupRoute(
		{...fib, rules: fib.rules.filter(rule => rule.table === 'local' && rule.action === 'lookup'), byDestination: null},
		bareKey(address, family),
	);
	const local = answer.type === 'none' ? null : answer;
	if (local && (dev === null || local.nexthop?.dev === dev)) return local.type;
	if (family === 4) return 'unicast';
	const any = lookupRoute(fib, bareKey(address, family));
	return any.type === 'none' || any.type === 'local' ? (any.type === 'none' ? 'unreachable' : 'unicast') : any.type;
}

/** A lookup for an address alone. */
export function routeTo(facts: NetnsFacts, address: string): RouteAnswer | Gap {
	const fib = fibOf(facts);
	return isGap(fib) ? fib : lookupRoute(fib, bareKey(address, address.includes(':') ? 6 : 4));
}

function bareKey(dst: string, family: 4 | 6): RouteKey {
	return {family, dst, src: null, iif: null, oif: null, mark: 0, tos: 0, uid: null, proto: 'tcp', sport: null, dport: null};
}

function fixedType(address: string, family: 4 | 6): string | null {
	if (family === 6) return /^ff/i.test(address) ? 'multicast' : null;
	if (address === '255.255.255.255' || address === '0.0.0.0') return 'broadcast';
	const first = Number(address.split('.')[0]);
	return first >= 224 && first <= 239 ? 'multicast' : null;
}
