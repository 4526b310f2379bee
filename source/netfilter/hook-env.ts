import {isUnspecified} from '../address/ip.js';
import type {NetnsFacts} from '../model/index.js';
import {addressesOf, interfaceSetting, linkNamed, listenerFor, valueOr} from '../snapshot/netns.js';
import {addressType, fibOf, isGap, keyOf} from './fib.js';
import {checkSource} from './reverse-path.js';
import {routeOutput} from './route-decision.js';
import {lookupRoute, type RouteKey} from './routing.js';
import {ipv4Source, sourceAddress} from './source-address.js';
import type {HookEnv} from './types.js';

/** What one namespace answers to the matches and targets of its own rules. */
export function hookEnv(facts: NetnsFacts): HookEnv {
	const known = environments.get(facts);
	if (known) return known;
	const env: HookEnv = {
		addressType: (address, family, dev) => addressType(facts, address, family, dev),
		fibOif(packet, keys) {
			const fib = fibOf(facts);
			if (isGap(fib)) return null;
			const dst = keys.address === 'daddr' ? packet.dst : packet.src;
			const src = keys.address === 'daddr' ? packet.src : packet.dst;
			const key: RouteKey = {...keyOf(packet), dst, src, mark: keys.mark ? packet.mark : 0, iif: null};
			const answer = lookupRoute(fib, key);
			if (answer.doubt || answer.several) return null;
			// An address of its own has no way out (nft_fib4_eval, nft_fib6_eval).
			const dev = answer.type === 'local' ? null : (answer.nexthop?.dev ?? null);
			const wanted = keys.iif ? packet.iif : keys.oif ? packet.oif : null;
			return {oif: answer.type === 'none' || (wanted !== null && dev !== wanted) ? null : dev};
		},
		masqueradeAddress(packet) {
			if (packet.oif === null) return null;
			const fib = fibOf(facts);
			if (isGap(fib)) return null;
			const nexthop = lookupRoute(fib, {...keyOf(packet), iif: null, src: null}).nexthop?.gateway ?? packet.dst;
			return packet.family === 4 ? ipv4Source(facts, packet.oif, nexthop) : sourceAddress(facts, null, packet.oif, packet.dst);
		},
		redirectAddress(packet, hook) {
			if (hook === 'output') return packet.family === 4 ? '127.0.0.1' : '::1';
			const iif = packet.iif;
			return iif === null ? null : env.firstAddress(iif, packet.family);
		},
		reversePath(packet, options) {
			// What comes round over loopback is taken as found (rpfilter_is_loopback).
			if (linkNamed(facts, packet.iif ?? '')?.kind === 'loopback') return true;
			if (packet.family === 6) return null;
			const acceptLocal = options.acceptLocal || interfaceSetting(facts, 4, packet.iif ?? '', 'accept_local') === 1;
			const check = checkSource(facts, packet, {rpFilter: options.loose ? 2 : 1, acceptLocal});
			return check.ok;
		},
		listener(packet) {
			if (!facts.sockets.read) return null;
			const found = listenerFor(facts, packet);
			if (found === null) return 'none';
			return found.maybe ? null : isUnspecified(found.socket.address) ? 'any' : 'bound';
		},
		routesByMark: () => valueOr(facts.routingRules, null)?.some(rule => rule.fwmark !== null || (rule.tos ?? 0) !== 0) ?? true,
		unroutable: packet => routeOutput(facts, {...packet, oif: null}).kind === 'blocks',
		link(name) {
			const link = linkNamed(facts, name);
			return link ? {index: link.index, kind: link.kind, group: link.group ?? null} : null;
		},
		firstAddress: (link, family) => addressesOf(facts, family, link)[0]?.address ?? null,
	};
	environments.set(facts, env);
	return env;
}

const environments = new WeakMap<NetnsFacts, HookEnv>();
