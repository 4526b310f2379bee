import type {Gap} from './evidence.js';
import type {Neighbour, Socket} from './kernel.js';
import type {Hook, Packet} from './path.js';
import type {ProbePlan, ProbeResult} from './probe.js';

/** One network namespace that is looked into during a trace. */
export interface TracePlace {
	/** "host", or the id of the container that owns the namespace. */
	key: string;
	/** What hops call it (Hop.of): its container's name and those that share it; empty for the host. */
	names: string[];
	/** It has rules of iptables-legacy, which no trace shows: their counters are read instead. */
	legacy: boolean;
	/** What is looked for here, where that is not what the whole plan looks for. */
	filters?: TraceFilter[];
}

/**
 * Packets to look for: one end has one of these ports (inclusive), and that address if one is given; the other end one of `peers`, if there
 * are any. Without an address the ports are dockhop's own, unless they are `shared`: then anybody's packets have them.
 */
export interface TraceFilter {
	proto: 'tcp' | 'udp';
	ports: [number, number];
	address: string | null;
	peers?: string[];
	shared?: boolean;
}

/** One way in which the target of a trace can be asked: the destination that a request has in that place. */
export interface TraceAsk {
	/** TracePlace.key */
	place: string;
	address: string;
	port: number;
	/** The container's own port; false: one at which the host publishes it. */
	own: boolean;
}

/** What a trace looks at and sends: everything decided. */
export interface TracePlan {
	/** The request to send; null: a client elsewhere sends it, the first new connection is followed. */
	send: ProbePlan | null;
	/** The link by which the request of a client elsewhere comes in; null: any, or dockhop sends. */
	entry: string | null;
	/** Of the first connection: the client's ports where dockhop sends, else the address and port that are asked for. */
	first: TraceFilter;
	/** Of what follows behind docker-proxy, and of addresses behind NAT where the client's port is not known beforehand. */
	others: TraceFilter[];
	places: TracePlace[];
	/** docker-proxy is on the path: its second connection has to be found. */
	proxied: boolean;
	timeoutSeconds: number;
	/** It waits for whoever asks next, in one of these ways; absent: for who asks for `first`, or dockhop sends. */
	asks?: TraceAsk[];
}

/** A packet on an interface, as tcpdump prints it. */
export interface SeenPacket {
	/** TracePlace.key */
	place: string;
	/** Microseconds since the epoch. */
	us: number;
	interface: string;
	direction: 'in' | 'out';
	src: string;
	sport: number;
	dst: string;
	dport: number;
	proto: string;
	/** TCP flags: syn, ack, fin, rst, psh; empty for others. */
	flags: string[];
	/** Bytes behind the TCP or UDP header. */
	length: number;
	/** The frame's hardware address is another's (PACKET_OTHERHOST): a bridge port takes it, any other link throws it away. */
	strange?: boolean;
}

/** The kernel asks who has an address on a link, or hears the answer (ARP, neighbour discovery). */
export interface SeenQuestion {
	answer: boolean;
	place: string;
	us: number;
	interface: string;
	direction: 'in' | 'out';
	address: string;
}

/** An entry of a neighbour table when the request was over. */
export interface SeenNeighbour extends Neighbour {
	place: string;
}

/** A socket of the protocol that was asked in, which listened (UDP: was bound) when the request was over. */
export interface SeenListener extends Socket {
	place: string;
}

/** An ICMP error that came back: "172.17.0.2 udp port 81 unreachable". */
export interface SeenError {
	place: string;
	us: number;
	interface: string;
	direction: 'in' | 'out';
	src: string;
	dst: string;
	says: string;
}

/** A rule that a packet met and matched, or the policy of its base chain (handle null). */
export interface SeenRule {
	family: string;
	table: string;
	chain: string;
	handle: number | null;
	text: string;
	/** accept, drop, jump X, goto X, return, continue, policy drop, … */
	verdict: string;
}

/** One packet in one base chain. */
export interface SeenPass {
	place: string;
	/** Microseconds since the epoch when nft told of it: at that time or a little later. */
	us: number;
	/** The hook that it was in; null where that was not seen. */
	hook: Hook | null;
	/** At layer 2 (family bridge) or 3. */
	layer: 'bridge' | 'ip';
	/** Set for dockhop's own empty chains, which stand first and last in every hook. */
	edge: 'first' | 'last' | null;
	/** As it came into this chain. */
	packet: Packet;
	flags: string[];
	rules: SeenRule[];
	dropped: boolean;
}

export interface SeenTuple {
	src: string;
	dst: string;
	sport: number;
	dport: number;
}

/** What conntrack did with a connection. */
export interface SeenConnection {
	place: string;
	us: number;
	/** NEW, UPDATE, DESTROY */
	event: string;
	/** SYN_SENT, ESTABLISHED, …; empty for UDP. */
	state: string;
	proto: string;
	original: SeenTuple;
	reply: SeenTuple;
	replied: boolean;
}

/** The beginning of what a client sent in one TCP packet, as hexadecimal digits. */
export interface SeenBytes extends SeenTuple {
	us: number;
	hex: string;
}

/** A counter of the kernel that moved while the trace ran. */
export interface MovedCounter {
	place: string;
	/** The link that it belongs to; null: of the whole namespace. */
	interface: string | null;
	/** "dropped by qdisc tbf", "TcpExt ListenOverflows" */
	name: string;
	by: number;
	command: string;
}

/** Packets of anybody that came and went by a link while the trace ran. */
export interface SeenTraffic {
	place: string;
	interface: string;
	received: number;
	sent: number;
}

/** What could not be looked at in one place, and why; null: it was. */
export interface TraceSight {
	place: string;
	packets: Gap | null;
	rules: Gap | null;
	conntrack: Gap | null;
	/** Of the rules: there was so much other traffic that some were left out: connections, packets behind the first ones. */
	leftOut?: {opening: boolean; following: boolean};
}

/** A probe together with what the kernel did to its packets. Plain JSON. */
export interface Trace {
	plan: TracePlan;
	/** null: a client elsewhere sent it. */
	probe: ProbeResult | null;
	/** Microseconds since the epoch from which on everything looked: what began before was not seen everywhere. */
	armedAt: number;
	/** The client elsewhere whose request was followed; null: none came, or dockhop sent. */
	client: {address: string; port: number} | null;
	sights: TraceSight[];
	packets: SeenPacket[];
	/** On the host, where docker-proxy is on the path: connections that were being opened before everything looked. */
	dialling: SeenTuple[];
	/** On the host, where docker-proxy is on the path. */
	bytes: SeenBytes[];
	questions: SeenQuestion[];
	errors: SeenError[];
	passes: SeenPass[];
	connections: SeenConnection[];
	counters: MovedCounter[];
	/** Of places whose packets could not be seen one by one, where the request fared badly: a link by which none came tells, too. */
	traffic?: SeenTraffic[];
	/** Read where the request was not seen to fare well. */
	neighbours: SeenNeighbour[];
	listeners: SeenListener[];
}
