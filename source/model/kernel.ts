import type {Proto} from './engine.js';
import type {Group} from './evidence.js';

/** A link as `ip -j -d link` prints it (RTM_GETLINK). */
export interface Link {
	index: number;
	name: string;
	mac: string | null;
	mtu: number;
	/** Administratively up (IFF_UP). */
	up: boolean;
	/** UP, DOWN, LOWERLAYERDOWN, UNKNOWN, … (RFC 2863). */
	operstate: string;
	/** Has IFF_LOWER_UP: a carrier. */
	carrier: boolean;
	/** veth, bridge, macvlan, vxlan, …; null for a plain device; "loopback" for lo. */
	kind: string | null;
	/** Name of the bridge (or bond, vrf) that it is a port of. */
	master: string | null;
	/** Lower link or veth peer: index, in namespace linkNetnsid (null: this one). */
	linkIndex: number | null;
	linkNetnsid: number | null;
	/** Set where the link is a bridge. */
	bridge: {
		/** As brctl(8) prints it: 8000.0242ac110001 */
		id: string;
		stp: boolean;
		vlanFiltering: boolean;
		/** The bridge's own switches, beside the sysctls bridge-nf-call-iptables and -ip6tables: either one is enough. */
		callIptables?: boolean;
		callIp6tables?: boolean;
	} | null;
	/** Set where the link is a bridge port. state: disabled, listening, learning, forwarding, blocking. */
	port: {
		state: string;
		hairpin: boolean;
		isolated: boolean;
		number: number | null;
		/** What is usually on and is switched off at this port, in the words of bridge(8); absent: nothing. */
		off?: PortSwitch[];
		/** It takes nothing from an address that the bridge has no entry for there (bridge(8)); absent: it does. */
		locked?: boolean;
	} | null;
	/** An XDP program is attached: what it does cannot be read. */
	xdp: boolean;
	/** Neighbours are not asked for on this link (IFF_NOARP). Absent: they are. */
	noArp?: boolean;
	/** bridge, private, vepa, passthru or source, where the link is a macvlan. */
	macvlanMode?: string;
	/** Interface group (ip-link(8)), which rules may ask for. Absent: not read, or a name whose number only the host's files know. */
	group?: number;
}

/** learning; flood: frames for MAC addresses that are not known; bcast_flood: broadcasts, as ARP's questions; mcast_flood: multicasts, as IPv6's. */
export type PortSwitch = 'learning' | 'flood' | 'bcast_flood' | 'mcast_flood';

export type Family = 4 | 6;

export interface Address {
	link: string;
	family: Family;
	address: string;
	prefix: number;
	/** Point-to-point peer, else null. */
	peer: string | null;
	/** global, link, host, … */
	scope: string;
	/** tentative, dadfailed, deprecated, secondary, … */
	flags: string[];
}

export interface NextHop {
	dev: string | null;
	gateway: string | null;
	/** linkdown, dead, onlink, … */
	flags: string[];
	weight: number;
}

export interface Route {
	family: Family;
	/** main, local, default, or a number as text. */
	table: string;
	/** unicast, local, broadcast, multicast, anycast, unreachable, blackhole, prohibit, throw, … */
	type: string;
	/** CIDR; the default route is 0.0.0.0/0 or ::/0. */
	dst: string;
	/** Source selector (ip -6 route … from), CIDR, else null. */
	from: string | null;
	/** Preferred source address. */
	src: string | null;
	metric: number;
	tos: number;
	nexthops: NextHop[];
}

/** A routing policy rule as `ip -j rule` prints it. */
export interface RoutingRule {
	family: Family;
	priority: number;
	not: boolean;
	/** CIDR or null for all. */
	src: string | null;
	dst: string | null;
	iif: string | null;
	oif: string | null;
	fwmark: number | null;
	fwmask: number;
	tos: number | null;
	ipproto: string | null;
	/** Inclusive ranges. */
	sport: [number, number] | null;
	dport: [number, number] | null;
	uidrange: [number, number] | null;
	/** lookup, blackhole, unreachable, prohibit, goto, nop. */
	action: string;
	/** Table of a lookup. */
	table: string | null;
	goto: number | null;
	suppressPrefixLength: number | null;
	l3mdev: boolean;
}

export interface Neighbour {
	dev: string;
	address: string;
	mac: string | null;
	/** REACHABLE, STALE, FAILED, INCOMPLETE, PERMANENT, NOARP, … */
	states: string[];
}

/** A forwarding entry as `bridge -j fdb show` prints it. */
export interface FdbEntry {
	mac: string;
	dev: string;
	master: string | null;
	/** permanent, static, or empty for a learned one. */
	state: string;
	flags: string[];
	/** Remote of a vxlan entry. */
	dst: string | null;
}

export interface Process {
	pid: number;
	/** comm, as /proc/PID/comm. */
	name: string;
	/** One letter of /proc/PID/stat: R, S, D, T, Z, … */
	state: string;
	/** Its cgroup is frozen (docker pause); null where that could not be read. */
	frozen: boolean | null;
	/** Id of the container in whose cgroup it is (the name of 64 hexadecimal digits in /proc/PID/cgroup); null: in none. */
	container: string | null;
}

export interface Socket {
	proto: Proto;
	family: Family;
	/** listen (TCP), bound (UDP without a peer), established, … */
	state: string;
	/** 0.0.0.0 and :: stand for any. */
	address: string;
	port: number;
	/** SO_BINDTODEVICE, else null. */
	device: string | null;
	/** IPV6_V6ONLY; null where it could not be read (then :: may or may not take IPv4). */
	v6only: boolean | null;
	peer: {address: string; port: number} | null;
	/** Accept queue of a listening socket: waiting and limit; else null. */
	queue: {waiting: number; limit: number} | null;
	inode: number;
	uid: number | null;
	/** Its owners; null where no right to see them. Empty: nobody of this host's visible processes. */
	owners: Process[] | null;
}

/** Rule dumps stay text, so that a recording replays the parser too. */
export interface Rulesets {
	/** iptables-save -c (nft variant). */
	iptables: Group<string>;
	ip6tables: Group<string>;
	/** iptables-legacy-save -c. */
	iptablesLegacy: Group<string>;
	ip6tablesLegacy: Group<string>;
	/** nft -j list ruleset. */
	nft: Group<string>;
	/** ipset save; empty as well where no rule asks for a set. */
	ipsets: Group<string>;
}

/** Everything read of one network namespace. */
export interface NetnsFacts {
	/** Inode of the namespace, e.g. 4026532401; null where it could not be read. */
	inode: number | null;
	links: Group<Link[]>;
	addresses: Group<Address[]>;
	routes: Group<Route[]>;
	routingRules: Group<RoutingRule[]>;
	neighbours: Group<Neighbour[]>;
	fdb: Group<FdbEntry[]>;
	sockets: Group<Socket[]>;
	rulesets: Rulesets;
	/**
	 * Key as sysctl(8) names it (net.ipv4.ip_forward, net.ipv4.conf.eth0.rp_filter), but a link's name stands as it is, also
	 * with a dot in it (net.ipv4.conf.eth0.7.rp_filter); value as read. Absent: the file does not exist.
	 */
	sysctls: Group<Record<string, string>>;
}

/** A docker-proxy process, from its argument vector. */
export interface ProxyProcess {
	pid: number;
	proto: Proto;
	hostAddress: string;
	hostPort: number;
	containerAddress: string;
	containerPort: number;
}

/** Which link of the host is the other end of a container's interface. */
export interface VethPair {
	containerId: string;
	/** Interface inside the container. */
	interface: string;
	/** ifindex on the host. */
	hostIndex: number;
	/** iflink: the container's own sysfs; fdb: its MAC address was learned on that port. */
	by: 'iflink' | 'fdb';
}

/** A program of this host that dockhop uses: its version, or why there is none and what would help. */
export interface ProgramHere {
	name: string;
	use: 'reading' | 'probes' | 'traces';
	version: string | null;
	why: string;
	tell: string;
}
