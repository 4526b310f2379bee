import type {NetnsFacts} from '../model/index.js';
import {ownerOf, valueOr} from '../snapshot/netns.js';
import {fibOf, isGap, keyOf} from './fib.js';
import {lookupRoute, type RouteAnswer} from './routing.js';
import type {WalkPacket} from './types.js';

export type SourceCheck = {ok: true} | {ok: false; why: string; martian: boolean; answer: RouteAnswer | null} | {ok: null; why: string};

/**
 * Whether the kernel takes this source address on that link (fib_validate_source): its own addresses are refused unless
 * accept_local; with rp_filter 1 the answer has to leave by the same link, with 2 by any (Documentation/networking/ip-sysctl).
 * IPv6 has no such check. leavesBy: a packet that is forwarded; for the rules the answer seems to come in there.
 */
export function checkSource(
	facts: NetnsFacts,
	packet: WalkPacket,
	settings: {rpFilter: number | null; acceptLocal: boolean; leavesBy?: string | null},
): SourceCheck {
	if (packet.family === 6 || packet.iif === null) return {ok: true};
	if (settings.rpFilter === null) return {ok: null, why: `rp_filter of ${packet.iif} was not read`};
	const fib = fibOf(facts);
	if (isGap(fib)) return {ok: null, why: fib.why};
	if (settings.rpFilter === 0 && !fib.hasOwnRules) {
		if (settings.acceptLocal || !ownerOf(facts, packet.src)) return taken;
		return {ok: false, why: `${packet.src} is an address of this host`, martian: true, answer: null};
	}
	const key = keyOf(packet);
	key.dst = packet.src;
	key.src = packet.dst;
	key.iif = settings.leavesBy ?? null;
	key.sport = packet.dport;
	key.dport = packet.sport;
	if (!usesMark(facts, packet.iif)) key.mark = 0;
	const answer = lookupRoute(fib, key);
	const refuse = (why: string) => (settings.rpFilter === 0 ? ({ok: true} as const) : ({ok: false, why, martian: false, answer} as const));
	if (answer.doubt) return {ok: null, why: answer.doubt};
	// A route (or rule) that refuses is none here: fib_lookup fails by it.
	if (answer.type === 'none' || refusals.has(answer.type)) return refuse(`no route leads back to ${packet.src}`);
	if (answer.type === 'local' && settings.acceptLocal) return {ok: true};
	if (answer.type !== 'unicast') return {ok: false, why: `${packet.src} is ${answer.type} to this host`, martian: true, answer};
	if (answer.route?.nexthops.some(hop => hop.dev === packet.iif)) return {ok: true};
	if (settings.rpFilter === 2) return {ok: true};
	return refuse(`an answer to ${packet.src} would leave by ${answer.nexthop?.dev ?? 'another link'}, not by ${packet.iif}`);
}

function usesMark(facts: NetnsFacts, link: string): boolean {
	const values = valueOr(facts.sysctls, {});
	return [`net.ipv4.conf.all.src_valid_mark`, `net.ipv4.conf.${link}.src_valid_mark`].some(name => values[name]?.trim() === '1');
}

const taken = {ok: true} as const;
const refusals = new Set(['unreachable', 'blackhole', 'prohibit', 'throw']);
