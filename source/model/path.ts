import type {CauseId} from './cause.js';
import type {Proto} from './engine.js';
import type {Evidence, Gap} from './evidence.js';

/** What the headers say at a hop. */
export interface Packet {
	iif: string | null;
	oif: string | null;
	src: string;
	dst: string;
	/** null for protocols without ports. */
	sport: number | null;
	dport: number | null;
	/** tcp, udp, sctp, icmp, … */
	proto: string;
}

export type Verdict = 'passes' | 'blocks' | 'undetermined' | 'notReached';
export type PathVerdict = 'delivered' | 'blocked' | 'forwarded' | 'undetermined';

export const hopKinds = [
	'client',
	'dns',
	'process',
	'port',
	'interface',
	'veth',
	'bridge',
	'netfilter',
	'route',
	'neighbour',
	'proxy',
	'nic',
	'macvlan',
	'vxlan',
	'outside',
	'unexplained',
] as const;
export type HopKind = (typeof hopKinds)[number];
export type Place = 'process' | 'container' | 'host' | 'hardware' | 'lan' | 'overlay' | 'outside';

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

/** One thing that the firewall did (or did not do) with the packet. */
export interface Step {
	hook: Hook;
	/** ip, ip6, inet, bridge, netdev. */
	family: string;
	/** Whose rules: iptables (nft variant), iptables-legacy, nft. */
	backend: 'iptables' | 'iptables-legacy' | 'nft';
	table: string;
	chain: string;
	/** From 1, as --line-numbers counts; null for the chain's policy. */
	rule: number | null;
	/** nft's handle where known. */
	handle: number | null;
	/** The rule as its own program prints it. */
	text: string;
	counters: {packets: number; bytes: number} | null;
	/** true: met and matched; false: passed by; null: cannot be told. */
	matched: boolean | null;
	/** For a rule passed by or not understood: the match that decided, in its own words. */
	why: string | null;
	/** accept, drop, reject, queue, jump, goto, return, continue, policy accept, policy drop; null where not matched. Where that cannot be told: what it does if it matches. */
	verdict: string | null;
	/** For jump and goto. */
	to: string | null;
	/** For reject: what the client gets ("icmp-port-unreachable", "tcp-reset", …). */
	reject: string | null;
	rewrite: {before: Packet; after: Packet} | null;
	/** Label lent by a known layout: "published port", "isolation", "your DOCKER-USER rule"; null otherwise. */
	label: string | null;
}

/** One place on a path. The first block of fields is the stable JSON of `flow --json`. */
export interface Hop {
	kind: HopKind;
	where: Place;
	/** Name of the container, namespace or node that it is in; null: this host. */
	of: string | null;
	/** Counts up behind a proxy. */
	connection: number;
	name: string;
	names: string[];
	address: string | null;
	port: number | null;
	/** As it arrives. */
	packet: Packet;
	/** Where the hop rewrites it. */
	packetAfter: Packet | null;
	verdict: Verdict;
	cause: CauseId | null;
	unknown: Pick<Gap, 'id' | 'tell'> | null;
	evidence: Evidence[];
	/** Rules of a netfilter hop, in the order met; empty elsewhere. */
	steps: Step[];
	/** One sentence: what decides here ("DNAT by nat DOCKER 2", "nothing listens on 80/tcp"). */
	says: string;
	/** The command by which a person sees the deciding fact; empty where none. */
	command: string;
}

export interface Assumption {
	id: string;
	text: string;
	command: string;
}

export interface Finding {
	id: string;
	severity: 'error' | 'warning' | 'info';
	/** Index into hops. */
	hop: number | null;
	summary: string;
	remedy: string;
	evidence: Evidence[];
}

export interface FlowEnd {
	/** any: whoever asks (a trace that waits for it), before he did. */
	kind: 'lan' | 'host' | 'container' | 'address' | 'name' | 'any';
	name: string;
	address: string | null;
}

export interface Path {
	schema: 'dockhop.flow/1';
	from: FlowEnd;
	to: FlowEnd & {port: number; proto: Proto; url: string | null};
	verdict: PathVerdict;
	blockedAt: number | null;
	lost: 'request' | 'answer' | 'later' | null;
	seenAs: {src: string; sport: number} | null;
	assumptions: Assumption[];
	hops: Hop[];
	findings: Finding[];
	reply: {verdict: PathVerdict; blockedAt: number | null; hops: Hop[]} | null;
	alternatives: Path[];
}

/** What a person asked for, parsed: the words of TARGET and ORIGIN. */
export interface FlowRequest {
	target: Target;
	origin: Origin;
	/** -4 or -6; null: as the origin would choose. */
	family: 4 | 6 | null;
}

export type Target =
	| {kind: 'container'; name: string; port: number | null; proto: Proto}
	| {kind: 'address'; address: string; port: number; proto: Proto}
	| {kind: 'port'; port: number; proto: Proto}
	| {kind: 'url'; url: string; host: string; port: number; tls: boolean};

export type Origin = {kind: 'host'; address: string | null} | {kind: 'lan'; address: string | null} | {kind: 'container'; name: string};
