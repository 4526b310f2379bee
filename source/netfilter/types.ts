import type {Gap, Hook, Packet, Step} from '../model/index.js';

/** A conntrack state as nft and iptables name it; null: conntrack is not asked in this namespace. */
export type CtState = 'new' | 'established' | 'related' | 'invalid' | 'untracked' | null;

/**
 * A conntrack zone; of: the directions that it counts for, the other one being looked up in the default zone (nf_conntrack_zones.h).
 * One for answers alone is not followed: an answer that is sent without it begins an entry of its own, which the kernel may then refuse.
 */
export interface Zone {
	id: number;
	of: 'both' | 'original';
	/** Its number is the mark that the packet has when conntrack looks it up; until then it is 0. */
	byMark?: true;
}

/** Looks a packet up in the connections of the namespace, in its zone: gives it with all that conntrack knows of it. */
export type Tracker = (packet: WalkPacket) => WalkPacket;

/** An address and, where the protocol has them, a port. */
export interface Socketpair {
	address: string;
	port: number | null;
}

export interface Tuple {
	src: string;
	dst: string;
	/** Of ICMP, which has no ports: the identifier, and type × 256 + code (struct nf_conntrack_man_proto). */
	sport: number | null;
	dport: number | null;
}

/** The packet as the rules of one namespace can ask about it. Values that are not known are null. */
export interface WalkPacket extends Packet {
	family: 4 | 6;
	/** Bridge ports, where br_netfilter passes a bridged packet to the IP hooks (physdev match). */
	physIn: string | null;
	physOut: string | null;
	smac: string | null;
	dmac: string | null;
	ttl: number | null;
	/** Length of the IP packet in bytes. */
	length: number | null;
	dscp: number;
	mark: number;
	/** TCP flags that are set: ["syn"], ["syn","ack"], ["ack"], with data ["psh","ack"]; empty for others. */
	tcpFlags: string[];
	icmpType: number | null;
	icmpCode: number | null;
	/** The identifier of an ICMP question and its answer. */
	icmpId: number | null;
	/** Of the sending socket, in output and postrouting of locally made packets; null if not local or not known. */
	uid: number | null;
	gid: number | null;
	/** The kernel itself makes it (an echo reply): no process has the socket that it is sent by. */
	byKernel?: true;
	/** Locally generated. */
	local: boolean;
	/** As conntrack (priority -200 of prerouting and output) will find it; raw chains before it do not see it yet. */
	ctState: CtState;
	/** In OUTPUT: as it was when it was routed anew. Absent: its first route stands. */
	routedBy?: Pick<WalkPacket, 'src' | 'dst' | 'mark' | 'dscp'>;
	/** It comes round over lo and has brought its entry along: raw chains see it too. */
	ctCarried?: boolean;
	ctMark: number;
	/** The conntrack zone in which it is looked up; absent: the default one. */
	ctZone?: Zone;
	/** What it carries is no entry yet, but what a rule before conntrack has asked for it (a template): its state is new for the rules there. */
	ctTemplate?: true;
	/** reply: the packet runs against the direction of the first one. */
	ctDirection: 'original' | 'reply';
	/** Tuple of the connection's first packet before any NAT; null before conntrack. */
	ctOriginal: Tuple | null;
	/** What an answer would look like before NAT is undone (so it shows NAT that was made); null before conntrack. */
	ctReply: Tuple | null;
	/** NAT made on this connection so far ("ct status snat,dnat"). */
	ctNat: {snat: boolean; dnat: boolean};
	/**
	 * Which NAT decisions stand already: the first nat hook of each kind (dst: prerouting, output; src: input, postrouting)
	 * decides for the whole connection, also when no rule matches. A packet that comes round over lo carries both.
	 */
	ctDecided: {src: boolean; dst: boolean};
	/**
	 * What this connection's NAT makes of this packet: applied at the nat priority without asking a rule (nf_nat_packet), so that
	 * chains before it see the old addresses and chains behind it the new ones. dst in prerouting and output, src in input and
	 * postrouting. Both null for a connection's first packet.
	 */
	ctRewrite: {src: Socketpair | null; dst: Socketpair | null};
	/** Sets to which rules have added something for this packet on its way: their dump says no longer all. Absent: none. */
	touchedSets?: readonly string[];
}

/** What a hook's rules may ask of the namespace around them. Every answer may be null: it could not be read. */
export interface HookEnv {
	/** Type of an address as the FIB has it (local, unicast, broadcast, multicast, unreachable, …); dev limits local addresses to that link. */
	addressType(address: string, family: 4 | 6, dev: string | null): string | null;
	/** fib expression of nft: result oif/oifname/type for the given address keys. */
	fibOif(packet: WalkPacket, keys: {address: 'saddr' | 'daddr'; mark: boolean; iif: boolean; oif: boolean}): {oif: string | null} | null;
	/** Address that MASQUERADE would choose for a packet that leaves by packet.oif. */
	masqueradeAddress(packet: WalkPacket): string | null;
	/** Address that REDIRECT sends to: 127.0.0.1/::1 in output, else the first address of packet.iif. */
	redirectAddress(packet: WalkPacket, hook: Hook): string | null;
	/** The rpfilter match: would an answer leave by packet.iif (loose: by any link)? */
	reversePath(packet: WalkPacket, options: {loose: boolean; validmark: boolean; acceptLocal: boolean}): boolean | null;
	/** What would take the first packet of a connection here: no socket, one for any address, or one bound to an address. */
	listener(packet: WalkPacket): 'none' | 'any' | 'bound' | null;
	/** A routing rule asks for a mark or the TOS, or whether one does was not read. */
	routesByMark(): boolean;
	/** For certain, no route takes this locally made packet. */
	unroutable(packet: WalkPacket): boolean;
	/** ifindex, interface group and type of a link; null if unknown. */
	link(name: string): {index: number; kind: string | null; group: number | null} | null;
	/** The first address of a link; null where it has none, or it was not read. */
	firstAddress(link: string, family: 4 | 6): string | null;
}

/**
 * unroutable: in OUTPUT, what a rule made of the packet has no way to leave by. refused: it is dropped or rejected, and which of the two
 * cannot be told.
 */
export type HookVerdict = 'accept' | 'drop' | 'reject' | 'refused' | 'queue' | 'stolen' | 'unroutable' | 'undetermined';

export interface HookResult {
	verdict: HookVerdict;
	/** Everything met in order, rules passed by included (matched: false). Made when it is read: a chain may have thousands. */
	readonly steps: WalkStep[];
	/** Of the steps, those that matched or may have (matched: true or null). Cheap, unlike steps. */
	readonly met: WalkStep[];
	/** No rule or policy was met: all lists of steps are empty. */
	readonly isSilent: boolean;
	/** Whether a rule did more than lead from chain to chain and back; any: or did that at all. Makes no step. */
	hasSay(any: boolean): boolean;
	/** Of the steps, those whose dividesBy is not empty. Cheap, unlike steps. */
	readonly dividing: WalkStep[];
	/** The first of deciding. */
	readonly decided: WalkStep | null;
	/** What decided a drop, reject, queue or undetermined; several where it may have been any of them. Not all lie on steps. */
	readonly deciding: WalkStep[];
	/** After all rewrites and marks. */
	packet: WalkPacket;
	/** Set where verdict is undetermined: the rule and the match. */
	unknown: Gap | null;
	/** Set where the packet does not pass: the packet after the rest of the hook, as if the base chain that stopped it had accepted. */
	beyond: WalkPacket | null;
}

/** A step with what the walk adds for its own use. */
export interface WalkStep extends Step {
	/**
	 * Fields of the packet by which this rule divides otherwise equal packets ("saddr", "sport", "ttl", "smac", "length", "mark", "flags"):
	 * all other matches of the rule hold, so another value of one of these would have made the rule answer otherwise. Empty: none.
	 */
	dividesBy: string[];
}
