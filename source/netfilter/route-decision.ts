import {isLoopback} from '../address/ip.js';
import type {CauseId, Gap, NetnsFacts} from '../model/index.js';
import {interfaceSetting, linkNamed, sysctl} from '../snapshot/netns.js';
import {addressType, fibOf, isGap, keyOf} from './fib.js';
import {checkSource} from './reverse-path.js';
import {lookupRoute, type RouteAnswer, routeText, ruleText} from './routing.js';
import {sourceAddress} from './source-address.js';
import type {WalkPacket} from './types.js';

/** Where the routing code sends a packet. `says` is one clause for people, `command` shows the same: both are made when they are asked for. */
export type RouteDecision =
	| ({kind: 'local'; src: string | null} & Words)
	/** route: as `ip route` prints it; table: the one in which it was found. */
	| ({kind: 'leave'; oif: string; nexthop: string; src: string | null; route(): string; table: string} & Words)
	| ({kind: 'blocks'; cause: CauseId; beyond: Beyond} & Words)
	| ({kind: 'unknown'; gap: Gap; beyond: Beyond} & Words);

interface Words {
	says(): string;
	command(): string;
}

/** Where the packet would go if this decision did not stop it; null where nothing says so. */
export type Beyond = {kind: 'local'} | {kind: 'leave'; oif: string; nexthop: string} | null;

/** The decision for a packet that came in by packet.iif (ip_route_input_slow, ip6_forward). */
export function routeInput(facts: NetnsFacts, packet: WalkPacket): RouteDecision {
	const iif = packet.iif ?? 'lo';
	const command = () => `ip route get ${packet.dst} from ${packet.src} iif ${iif}`;
	const fib = fibOf(facts);
	if (isGap(fib)) return unknown(fib, null, command);
	const answer = lookupRoute(fib, keyOf(packet));
	const beyond = beyondOf(answer, packet.dst);
	const strange = impossibleLoopback(facts, packet, iif);
	if (strange) return blocks('martian', beyond, strange, () => `sysctl net.ipv4.conf.${iif}.route_localnet`);
	if (answer.doubt) return unknown(doubtGap(answer.doubt), beyond, command);
	if (toMyself.has(answer.type)) {
		const says = () => `${packet.dst} is its own address`;
		return sourceRefused(facts, packet, iif, beyond, null) ?? {kind: 'local', src: null, says, command};
	}
	const forwarding = forwardingOf(facts, packet.family, iif);
	if (forwarding.on === false) return blocks('forwarding-off', beyond, forwarding.says, () => forwarding.command);
	const refused = refusal(answer, packet.dst);
	if (refused) return blocks(refused.cause, beyond, refused.says, command);
	if (forwarding.on === null) return unknown(sysctlGap(forwarding.says), beyond, () => forwarding.command);
	if (answer.several) return unknown(severalGap(answer), beyond, command);
	return sourceRefused(facts, packet, iif, beyond, answer.nexthop?.dev ?? null) ?? leave(answer, packet.dst, null, command);
}

/** The decision for a locally made packet (ip_route_output_key); its source may still be empty. */
export function routeOutput(facts: NetnsFacts, packet: WalkPacket, bound: string | null = null): RouteDecision {
	const command = () => `ip route get ${packet.dst}${packet.src ? ` from ${packet.src}` : ''}${packet.mark ? ` mark ${packet.mark}` : ''}`;
	const fib = fibOf(facts);
	if (isGap(fib)) return unknown(fib, null, command);
	const crowd = addressType(facts, packet.dst, packet.family, null);
	if (packet.proto === 'tcp' && (crowd === 'multicast' || crowd === 'broadcast')) {
		return blocks('no-route', null, `${packet.dst} is a ${crowd} address: TCP does not ask there`, command);
	}
	const key = keyOf(packet);
	key.src = packet.src || null;
	key.iif = null;
	key.oif = bound;
	const answer = lookupRoute(fib, key);
	const beyond = beyondOf(answer, packet.dst);
	if (answer.doubt) return unknown(doubtGap(answer.doubt), beyond, command);
	if (answer.type === 'local')
		return {kind: 'local', src: answer.route?.src ?? null, says: () => `${packet.dst} is its own address: over lo`, command};
	const refused = refusal(answer, packet.dst);
	if (refused) return blocks(refused.cause, beyond, refused.says, command);
	if (answer.several) return unknown(severalGap(answer), beyond, command);
	const oif = answer.nexthop?.dev ?? '';
	if (packet.family === 4 && packet.src && isLoopback(packet.src) && oif !== 'lo' && !routesLocalnet(facts, oif)) {
		const says = `a packet from ${packet.src} may not leave by ${oif}: route_localnet is 0 there`;
		return blocks('martian', beyond, says, () => `sysctl net.ipv4.conf.${oif}.route_localnet`);
	}
	return leave(answer, packet.dst, packet.src || sourceAddress(facts, answer.route, oif, answer.nexthop?.gateway ?? packet.dst), command);
}

/** net.ipv4.conf.IIF.forwarding counts for IPv4 (ip_forward sets them all), the global switch for IPv6. */
export function forwardingOf(facts: NetnsFacts, family: 4 | 6, iif: string): {on: boolean | null; says: string; command: string} {
	const own = interfaceSetting(facts, family, family === 4 ? iif : 'all', 'forwarding');
	const value = own ?? (family === 4 ? sysctl(facts, 'net.ipv4.ip_forward') : null);
	if (value !== null && value !== 0) return isOn;
	const name = family === 4 ? `net.ipv4.conf.${iif}.forwarding` : 'net.ipv6.conf.all.forwarding';
	const global = family === 4 && sysctl(facts, 'net.ipv4.ip_forward') === 0 ? 'net.ipv4.ip_forward' : name;
	const forced = family === 6 && interfaceSetting(facts, 6, iif, 'force_forwarding') === 1;
	if (value === null) return {on: null, says: `${name} was not read`, command: `sysctl ${name}`};
	return {on: forced, says: `forwarding is off: ${global} = ${value}`, command: `sysctl ${global}`};
}

const isOn = {on: true, says: '', command: ''};

function leave(answer: RouteAnswer, dst: string, src: string | null, command: () => string): RouteDecision {
	const oif = answer.nexthop?.dev;
	const table = answer.route?.table ?? '?';
	const route = () => (answer.route ? routeText(answer.route) : dst);
	const says = () => `${route()}, table ${table}`;
	if (!oif) return {kind: 'unknown', gap: doubtGap(`${says()} names no link`), beyond: null, says, command};
	return {kind: 'leave', oif, nexthop: answer.nexthop?.gateway ?? dst, src, route, table, says, command};
}

function blocks(cause: CauseId, beyond: Beyond, says: string, command: () => string): RouteDecision {
	return {kind: 'blocks', cause, beyond, says: () => says, command};
}

function unknown(gap: Gap, beyond: Beyond, command: () => string): RouteDecision {
	return {kind: 'unknown', gap, beyond, says: () => gap.why, command};
}

function refusal(answer: RouteAnswer, dst: string): {cause: CauseId; says: string} | null {
	if (answer.type === 'unicast') return null;
	if (answer.type === 'none') return {cause: 'no-route', says: `no route leads to ${dst}`};
	const table = answer.route && answer.route.table !== 'main' ? `, table ${answer.route.table}` : '';
	const by = answer.route ? `${routeText(answer.route)}${table}` : answer.rule ? `rule ${ruleText(answer.rule)}` : answer.type;
	if (['unreachable', 'blackhole', 'prohibit', 'throw'].includes(answer.type)) return {cause: 'route-refuses', says: `refused by ${by}`};
	return {cause: 'martian', says: `${dst} is ${answer.type} here: such a packet is not forwarded`};
}

function sourceRefused(facts: NetnsFacts, packet: WalkPacket, iif: string, beyond: Beyond, leavesBy: string | null): RouteDecision | null {
	// Over lo the route of the output stays valid: no second look at the source (skb_valid_dst in ip_rcv_finish).
	if (iif === 'lo') return null;
	const all = interfaceSetting(facts, 4, 'all', 'rp_filter');
	const own = interfaceSetting(facts, 4, iif, 'rp_filter');
	const acceptLocal = interfaceSetting(facts, 4, iif, 'accept_local') === 1 || interfaceSetting(facts, 4, 'all', 'accept_local') === 1;
	const check = checkSource(facts, packet, {rpFilter: all === null || own === null ? null : Math.max(all, own), acceptLocal, leavesBy});
	if (check.ok === true) return null;
	const command = () => `sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.${iif}.rp_filter; ip route get ${packet.src}`;
	if (check.ok === null) return unknown(sysctlGap(check.why), beyond, command);
	return blocks(check.martian ? 'martian' : 'rp-filter', beyond, check.why, command);
}

function impossibleLoopback(facts: NetnsFacts, packet: WalkPacket, iif: string): string | null {
	if (packet.family === 6 || iif === 'lo' || linkNamed(facts, iif)?.kind === 'loopback' || routesLocalnet(facts, iif)) return null;
	if (isLoopback(packet.dst)) return `a packet for ${packet.dst} from outside is a martian: route_localnet of ${iif} is 0`;
	return isLoopback(packet.src) ? `a packet from ${packet.src} on ${iif} is a martian: route_localnet is 0` : null;
}

function routesLocalnet(facts: NetnsFacts, link: string): boolean {
	return interfaceSetting(facts, 4, link, 'route_localnet') === 1 || interfaceSetting(facts, 4, 'all', 'route_localnet') === 1;
}

function beyondOf(answer: RouteAnswer, dst: string): Beyond {
	if (toMyself.has(answer.type)) return {kind: 'local'};
	const oif = answer.nexthop?.dev;
	return oif ? {kind: 'leave', oif, nexthop: answer.nexthop?.gateway ?? dst} : null;
}

function doubtGap(why: string): Gap {
	return {id: 'rule-not-understood', why, tell: 'ip rule; ip route show table all'};
}

function sysctlGap(why: string): Gap {
	return {id: 'read-failed', why, tell: 'sysctl -a'};
}

function severalGap(answer: RouteAnswer): Gap {
	const why = `${answer.route ? routeText(answer.route) : 'the route'} has several next hops: a hash chooses`;
	return {id: 'no-fixed-answer', why, tell: 'ip route get'};
}

const toMyself = new Set(['local', 'broadcast', 'anycast', 'multicast']);
