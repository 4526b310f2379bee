import {isWithin} from '../address/ip.js';
import {type AddressValue, inPrefix, type Prefix, parseAddress, parsePrefix} from '../address/value.js';
import type {NextHop, Route, RoutingRule} from '../model/index.js';

/** What the kernel is asked when it looks for a route (struct flowi4, flowi6). */
export interface RouteKey {
	family: 4 | 6;
	dst: string;
	/** null: not chosen yet. */
	src: string | null;
	/** The link that the packet came in by; null for locally made ones. */
	iif: string | null;
	/** The link that it is bound to; null: any. */
	oif: string | null;
	mark: number;
	tos: number;
	uid: number | null;
	proto: string;
	sport: number | null;
	dport: number | null;
}

/** The FIB's answer: where the packet goes, by which route of which table, chosen by which rule. */
export interface RouteAnswer {
	/** local, unicast, broadcast, multicast, unreachable, blackhole, prohibit; none: no route at all. */
	type: string;
	route: Route | null;
	rule: RoutingRule | null;
	nexthop: NextHop | null;
	/** More than one next hop is alive: which one is taken depends on a hash. */
	several: boolean;
	/** Set where a rule or route could not be judged (l3mdev): the answer is not certain. */
	doubt: string | null;
}

export interface Fib {
	routes: Route[];
	rules: RoutingRule[];
	/** Names of enslaved VRF ports and VRFs: routing for them is not judged. */
	vrfs: ReadonlySet<string>;
	/** There are IPv4 rules beside the three that every namespace has. */
	hasOwnRules: boolean;
	/** ignore_routes_with_linkdown holds for that link. */
	ignoresLinkDown(dev: string): boolean;
	/** Answers by destination where rules and routes ask for nothing else, as they do on most hosts; null: they ask for more. */
	byDestination: Record<4 | 6, Map<string, RouteAnswer>> | null;
}

/**
 * Looks a route up as the kernel does: rules by priority, in each table the longest prefix, then the smallest metric
 * (fib_rules_lookup, fib_table_lookup; for IPv6 fib6_rule_lookup; ip-rule(8), ip-route(8)).
 */
export function lookupRoute(fib: Fib, key: RouteKey): RouteAnswer {
	const known = key.oif === null ? fib.byDestination?.[key.family] : undefined;
	const answer = known?.get(key.dst) ?? lookUp(fib, key);
	known?.set(key.dst, answer);
	return answer;
}

/** Whether rules and routes ask for the destination alone. */
export function askForDestination({rules, routes, vrfs}: Pick<Fib, 'rules' | 'routes' | 'vrfs'>): boolean {
	const plain = (rule: RoutingRule) =>
		rule.src === null && rule.iif === null && rule.oif === null && rule.fwmark === null && !rule.tos && rule.ipproto === null;
	const anyone = (rule: RoutingRule) => rule.sport === null && rule.dport === null && rule.uidrange === null;
	return (
		vrfs.size === 0 && rules.every(rule => plain(rule) && anyone(rule)) && routes.every(route => route.tos === 0 && route.from === null)
	);
}

function lookUp(fib: Fib, key: RouteKey): RouteAnswer {
	const dst = parseAddress(key.dst);
	let doubt: string | null = null;
	if (dst === null) return {...nothing, doubt: `${key.dst} is no address`};
	const rules = inOrder(fib.rules, key.family);
	for (let i = 0; i < rules.length; i++) {
		const rule = rules[i];
		if (!rule || !ruleMatches(rule, key)) continue;
		if (rule.l3mdev) {
			const vrf = [key.iif, key.oif].find(dev => dev !== null && fib.vrfs.has(dev));
			if (vrf) doubt = `${vrf} belongs to a VRF`;
			continue;
		}
		if (rule.action === 'goto') {
			const next = rules.findIndex(other => other.priority >= (rule.goto ?? 0));
			if (next <= i) break;
			i = next - 1;
			continue;
		}
		if (rule.action === 'nop') continue;
		if (rule.action !== 'lookup') return {...nothing, type: rule.action, rule, doubt};
		const found = lookupTable(fib, rule.table ?? 'main', key, dst);
		if (!found || found.route.type === 'throw') continue;
		if (rule.suppressPrefixLength !== null && lengthOf(found.route) <= rule.suppressPrefixLength) continue;
		return {type: found.route.type, route: found.route, rule, nexthop: found.hops[0] ?? null, several: found.hops.length > 1, doubt};
	}
	return {...nothing, doubt};
}

/** A routing rule as a person writes it, with all by which it selects: "from 10.0.0.0/8 fwmark 0x1 lookup 100". */
export function ruleText(rule: RoutingRule): string {
	const range = (name: string, ends: [number, number] | null) => ends && `${name} ${ends[0] === ends[1] ? ends[0] : ends.join('-')}`;
	const mask = rule.fwmask === 0xff_ff_ff_ff ? '' : `/0x${rule.fwmask.toString(16)}`;
	return [
		rule.not && 'not',
		`from ${rule.src ?? 'all'}`,
		rule.dst && `to ${rule.dst}`,
		rule.iif && `iif ${rule.iif}`,
		rule.oif && `oif ${rule.oif}`,
		rule.fwmark !== null && `fwmark 0x${rule.fwmark.toString(16)}${mask}`,
		rule.tos && `tos 0x${rule.tos.toString(16)}`,
		rule.ipproto && `ipproto ${rule.ipproto}`,
		range('sport', rule.sport),
		range('dport', rule.dport),
		rule.uidrange && `uidrange ${rule.uidrange.join('-')}`,
		rule.action === 'lookup' ? `lookup ${rule.table ?? 'main'}` : rule.action,
	]
		.filter(Boolean)
		.join(' ');
}

/** A route as `ip route` prints it, in short. */
export function routeText(route: Route): string {
	const dst = /^(0\.0\.0\.0|::)\/0$/.test(route.dst) ? 'default' : route.dst;
	const hops = route.nexthops.map(hop => `${hop.gateway ? ` via ${hop.gateway}` : ''}${hop.dev ? ` dev ${hop.dev}` : ''}`);
	return `${route.type === 'unicast' ? '' : `${route.type} `}${dst}${hops.join(' nexthop')}`;
}

function ruleMatches(rule: RoutingRule, key: RouteKey): boolean {
	const matches =
		within(key.src, rule.src, key.family) &&
		within(key.dst, rule.dst, key.family) &&
		// "iif lo" means locally made packets (ip-rule(8)).
		(rule.iif === null || rule.iif === (key.iif ?? 'lo')) &&
		(rule.oif === null || rule.oif === key.oif) &&
		(rule.fwmark === null || (key.mark & rule.fwmask) >>> 0 === rule.fwmark >>> 0) &&
		(rule.tos === null || rule.tos === 0 || rule.tos === key.tos) &&
		(rule.ipproto === null || rule.ipproto === key.proto) &&
		inRange(key.sport, rule.sport) &&
		inRange(key.dport, rule.dport) &&
		inRange(key.uid ?? (key.iif === null ? 0 : null), rule.uidrange);
	return matches !== rule.not;
}

function within(address: string | null, cidr: string | null, family: 4 | 6): boolean {
	return cidr === null || isWithin(address ?? unspecified(family), cidr);
}

function inRange(value: number | null, range: [number, number] | null): boolean {
	return range === null || (value !== null && value >= range[0] && value <= range[1]);
}

/** The rules of one family by priority. */
function inOrder(rules: RoutingRule[], family: 4 | 6): readonly RoutingRule[] {
	const known = orders.get(rules) ?? {};
	orders.set(rules, known);
	known[family] ??= rules.filter(rule => rule.family === family).sort((a, b) => a.priority - b.priority);
	return known[family];
}

const orders = new WeakMap<RoutingRule[], {4?: RoutingRule[]; 6?: RoutingRule[]}>();

interface Found {
	route: Route;
	hops: NextHop[];
}

function lookupTable(fib: Fib, table: string, key: RouteKey, dst: AddressValue): Found | null {
	const index = indexOf(fib.routes).get(`${key.family} ${table}`) ?? [];
	for (const {route, prefix} of index) {
		if (!inPrefix(dst, prefix)) continue;
		if (route.tos !== 0 && route.tos !== key.tos) continue;
		if (route.from !== null && !isWithin(key.src ?? unspecified(key.family), route.from)) continue;
		const hops = route.nexthops.filter(hop => isAlive(fib, hop) && (key.oif === null || route.type === 'local' || hop.dev === key.oif));
		// A route without next hops is one that refuses (unreachable …).
		if (hops.length === 0 && (route.nexthops.length > 0 || !refusals.has(route.type))) continue;
		return {route, hops};
	}
	return null;
}

function isAlive(fib: Fib, hop: NextHop): boolean {
	if (hop.flags.includes('dead')) return false;
	return !(hop.flags.includes('linkdown') && hop.dev !== null && fib.ignoresLinkDown(hop.dev));
}

interface Indexed {
	route: Route;
	prefix: Prefix;
}

/** Routes by family and table, best first: sorted once per snapshot, since a host with many networks is asked often. */
function indexOf(routes: Route[]): Map<string, Indexed[]> {
	const known = indexes.get(routes);
	if (known) return known;
	const index = new Map<string, Indexed[]>();
	for (const route of routes) {
		const prefix = parsePrefix(route.dst);
		if (!prefix) continue;
		const name = `${route.family} ${route.table}`;
		const list = index.get(name) ?? [];
		list.push({route, prefix});
		index.set(name, list);
	}
	for (const list of index.values()) {
		list.sort((a, b) => b.prefix.length - a.prefix.length || b.route.tos - a.route.tos || a.route.metric - b.route.metric);
	}
	indexes.set(routes, index);
	return index;
}

function lengthOf(route: Route): number {
	return parsePrefix(route.dst)?.length ?? 0;
}

function unspecified(family: 4 | 6): string {
	return family === 4 ? '0.0.0.0' : '::';
}

const indexes = new WeakMap<Route[], Map<string, Indexed[]>>();
const refusals = new Set(['unreachable', 'blackhole', 'prohibit', 'throw']);
const nothing: RouteAnswer = {type: 'none', route: null, rule: null, nexthop: null, several: false, doubt: null};
