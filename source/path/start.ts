import {familyOf, isLoopback, isWithin} from '../address/ip.js';
import {addressesIn, parsePrefix} from '../address/value.js';
import type {NetnsFacts, NextHop, Origin} from '../model/index.js';
import {isGap, routeTo} from '../netfilter/fib.js';
import type {WalkPacket} from '../netfilter/types.js';
import {addressesOf, firstGap, linksOnlink, valueOr} from '../snapshot/netns.js';
import type {Usage} from './explanation.js';
import {macvlanParentAt} from './macvlan-segment.js';
import {portRange} from './source-ports.js';
import type {Site, World} from './world.js';

/** Where a request begins. */
export type Start =
	| {kind: 'lan'; nic: string; address: string; given: boolean}
	| {kind: 'host'; site: Site; address: string | null}
	| {kind: 'container'; site: Site; name: string};

/**
 * The client on the LAN: behind the link of the default route (or, for a given address, the link on whose subnet it is). Its
 * address stands for any: the default gateway's if that is in the link's subnet, else the first other address of that subnet.
 * null: there is no default route in that family. `dst`, where it stands in the LAN itself (macvlan): the client is behind the same link.
 */
export function lanStart(world: World, origin: Origin & {kind: 'lan'}, family: 4 | 6, dst: string | null): Start | null {
	const {facts} = world.host;
	const own = origin.address === null ? null : neighbouringLink(world, origin.address);
	const hop = defaultHop(facts, family);
	const beside = dst === null ? null : macvlanParentAt(world, dst);
	const nic = own ?? beside?.name ?? hop?.dev ?? defaultHop(facts, family === 4 ? 6 : 4)?.dev ?? null;
	if (nic === null) return null;
	if (origin.address !== null) return {kind: 'lan', nic, address: origin.address, given: true};
	const address =
		clientAddress(world, nic, hop?.dev === nic ? hop.gateway : null, family) ?? (beside && dst ? gatewayBeside(world, dst) : null);
	return address === null ? null : {kind: 'lan', nic, address, given: false};
}

/** Why no client on the LAN can be told. */
export function noLan({host}: World): Usage {
	const gap = firstGap(host.facts.routes, host.facts.routingRules, host.facts.addresses);
	if (gap) return {usage: `origin 'lan': on which link a client stands was not read: ${gap.why} (${gap.tell})`};
	return {usage: "origin 'lan': no default route by a link with such an address, where a client stood; write lan:ADDRESS"};
}

/**
 * Where the default route leads. A VPN lays its own over it (a table of its own by a rule, routes for the halves of the range) and leaves the one of the
 * table main, which leads to the LAN; only where that has none, a route is looked up as for a packet.
 */
function defaultHop(facts: NetnsFacts, family: 4 | 6): NextHop | null {
	const [all, outside] = family === 4 ? ['0.0.0.0/0', '192.0.2.1'] : ['::/0', '2001:db8::1'];
	const defaults = valueOr(facts.routes, []).filter(
		({family: its, table, type, dst}) => its === family && table === 'main' && type === 'unicast' && dst === all,
	);
	const [first] = defaults
		.sort((a, b) => a.metric - b.metric)
		.flatMap(({nexthops}) => nexthops.filter(({flags}) => !flags.includes('dead')));
	if (first) return first;
	const route = routeTo(facts, outside);
	return isGap(route) || route.type !== 'unicast' ? null : route.nexthop;
}

/** The first packet of a request. */
export function firstPacket(start: Start, dst: string, port: number, proto: string): WalkPacket {
	const family = familyOf(dst);
	const src = start.kind === 'lan' ? start.address : start.kind === 'host' ? (start.address ?? '') : '';
	return {
		iif: start.kind === 'lan' ? start.nic : null,
		oif: null,
		src,
		dst,
		sport: sourcePort(start),
		dport: port,
		proto,
		family,
		physIn: null,
		physOut: null,
		smac: null,
		dmac: null,
		ttl: 64,
		// A SYN with the options that Linux sends, or a datagram of one byte: neither is known exactly.
		length: proto === 'tcp' ? (family === 4 ? 60 : 80) : null,
		dscp: 0,
		mark: 0,
		tcpFlags: proto === 'tcp' ? ['syn'] : [],
		icmpType: null,
		icmpCode: null,
		icmpId: null,
		uid: start.kind === 'lan' ? null : 0,
		gid: start.kind === 'lan' ? null : 0,
		local: start.kind !== 'lan',
		ctState: null,
		// Named although they are not there yet: packets that all have one shape are copied fastest.
		routedBy: undefined,
		ctCarried: undefined,
		ctZone: undefined,
		byKernel: undefined,
		ctTemplate: undefined,
		touchedSets: undefined,
		ctMark: 0,
		ctDirection: 'original',
		ctOriginal: null,
		ctReply: null,
		ctNat: {snat: false, dnat: false},
		ctDecided: {src: false, dst: false},
		ctRewrite: {src: null, dst: null},
	};
}

/** A port of the usual range that no request of ours depends on. */
function sourcePort(start: Start): number {
	if (start.kind === 'lan') return 50_514;
	const range = portRange(start.site.facts);
	return range && range.first < range.last ? range.first + 1 : 45_678;
}

function neighbouringLink(world: World, address: string): string | null {
	const links = linksOnlink(world.host.facts, address).filter(name => !world.networks.some(one => one.bridge === name) && name !== 'lo');
	return links[0] ?? null;
}

/** On a link where the host has no address: the gateway of the network that the neighbour is on. */
function gatewayBeside(world: World, dst: string): string | null {
	const subnets = world.networks.filter(({driver}) => driver === 'macvlan').flatMap(network => network.subnets);
	return subnets.find(({subnet}) => isWithin(dst, subnet))?.gateway ?? null;
}

function clientAddress(world: World, nic: string, gateway: string | null, family: 4 | 6): string | null {
	const own = addressesOf(world.host.facts, family, nic).filter(one => one.scope === 'global' && !isLoopback(one.address));
	for (const one of own) {
		if (gateway !== null && isWithin(gateway, `${one.address}/${one.prefix}`)) return gateway;
	}
	for (const one of own) {
		const prefix = parsePrefix(`${one.address}/${one.prefix}`);
		const taken = new Set(own.map(address => address.address));
		const free = prefix && addressesIn(prefix, 3).find(candidate => !taken.has(candidate));
		if (free) return free;
	}
	// A link without an address of its own (point to point): the gateway is all there is.
	return gateway;
}
