import type {
	Address,
	FdbEntry,
	Link,
	Neighbour,
	NetnsFacts,
	NextHop,
	ProxyProcess,
	Route,
	RoutingRule,
	Rulesets,
	Socket,
	VethPair,
} from '../model/index.js';
import {group, process, proto} from './group-shape.js';
import {flag, list, map, number, object, oneOf, optional, orNull, pair, text} from './shape.js';

const family = oneOf(4, 6);

const link = object<Link>({
	index: number,
	name: text,
	mac: orNull(text),
	mtu: number,
	up: flag,
	operstate: text,
	carrier: flag,
	kind: orNull(text),
	master: orNull(text),
	linkIndex: orNull(number),
	linkNetnsid: orNull(number),
	bridge: orNull(
		object<NonNullable<Link['bridge']>>({
			id: text,
			stp: flag,
			vlanFiltering: flag,
			callIptables: optional(flag),
			callIp6tables: optional(flag),
		}),
	),
	port: orNull(
		object<NonNullable<Link['port']>>({
			state: text,
			hairpin: flag,
			isolated: flag,
			number: orNull(number),
			off: optional(list(oneOf('learning', 'flood', 'bcast_flood', 'mcast_flood'))),
			locked: optional(flag),
		}),
	),
	xdp: flag,
	noArp: optional(flag),
	macvlanMode: optional(text),
	group: optional(number),
});

const address = object<Address>({
	link: text,
	family,
	address: text,
	prefix: number,
	peer: orNull(text),
	scope: text,
	flags: list(text),
});

const route = object<Route>({
	family,
	table: text,
	type: text,
	dst: text,
	from: orNull(text),
	src: orNull(text),
	metric: number,
	tos: number,
	nexthops: list(object<NextHop>({dev: orNull(text), gateway: orNull(text), flags: list(text), weight: number})),
});

const routingRule = object<RoutingRule>({
	family,
	priority: number,
	not: flag,
	src: orNull(text),
	dst: orNull(text),
	iif: orNull(text),
	oif: orNull(text),
	fwmark: orNull(number),
	fwmask: number,
	tos: orNull(number),
	ipproto: orNull(text),
	sport: orNull(pair(number)),
	dport: orNull(pair(number)),
	uidrange: orNull(pair(number)),
	action: text,
	table: orNull(text),
	goto: orNull(number),
	suppressPrefixLength: orNull(number),
	l3mdev: flag,
});

/** Those of a socket; a trace adds where it was. */
export const socketFields = {
	proto,
	family,
	state: text,
	address: text,
	port: number,
	device: orNull(text),
	v6only: orNull(flag),
	peer: orNull(object<NonNullable<Socket['peer']>>({address: text, port: number})),
	queue: orNull(object<NonNullable<Socket['queue']>>({waiting: number, limit: number})),
	inode: number,
	uid: orNull(number),
	owners: orNull(list(process)),
};
const socket = object<Socket>(socketFields);

export const neighbourFields = {dev: text, address: text, mac: orNull(text), states: list(text)};

const rulesets = object<Rulesets>({
	iptables: group(text),
	ip6tables: group(text),
	iptablesLegacy: group(text),
	ip6tablesLegacy: group(text),
	nft: group(text),
	ipsets: group(text),
});

/** One network namespace, field by field. */
export const netns = object<NetnsFacts>({
	inode: orNull(number),
	links: group(list(link)),
	addresses: group(list(address)),
	routes: group(list(route)),
	routingRules: group(list(routingRule)),
	neighbours: group(list(object<Neighbour>(neighbourFields))),
	fdb: group(list(object<FdbEntry>({mac: text, dev: text, master: orNull(text), state: text, flags: list(text), dst: orNull(text)}))),
	sockets: group(list(socket)),
	rulesets,
	sysctls: group(map(text)),
});

export const proxy = object<ProxyProcess>({
	pid: number,
	proto,
	hostAddress: text,
	hostPort: number,
	containerAddress: text,
	containerPort: number,
});

export const vethPair = object<VethPair>({containerId: text, interface: text, hostIndex: number, by: oneOf('iflink', 'fdb')});
