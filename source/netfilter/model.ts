import type {AddressValue} from '../address/value.js';
import type {Gap, Hook, Step} from '../model/index.js';
import type {Frame} from './frame.js';
import type {WalkPacket} from './types.js';

/** All rules of one network namespace. */
export interface Ruleset {
	tables: Table[];
	/** Rules that exist, or may, but were not read: nothing can be said about a hook of these families. */
	unread: {families: readonly Layer[]; gap: Gap}[];
}

/** What a packet is when it meets a hook: IPv4, IPv6, or a frame on a bridge. */
export type Layer = 4 | 6 | 'bridge';

export interface Table {
	/** ip, ip6, inet, bridge, netdev, arp. */
	family: string;
	name: string;
	backend: Step['backend'];
	chains: Map<string, Chain>;
}

export interface Chain {
	name: string;
	table: Table;
	/** null for a chain that rules jump to. */
	base: Base | null;
	rules: Rule[];
}

export interface Base {
	hook: Hook;
	type: 'filter' | 'nat' | 'route';
	priority: number;
	policy: 'accept' | 'drop';
	/** For ingress and egress: the devices; null where the dump does not say. */
	devices: string[] | null;
}

export interface Rule {
	chain: Chain;
	/** From 1. */
	number: number;
	handle: number | null;
	text: string;
	comment: string | null;
	counters: {packets: number; bytes: number} | null;
	/** In the order in which the kernel does them. */
	instructions: Instruction[];
}

/** true, false, or null: cannot be told. */
export type Truth = boolean | null;

/** Why something about a rule cannot be told; the walk adds which rule it was. */
export type Doubt = Gap;

export type Instruction = Match | Action;

/** A condition of a rule. */
export interface Match {
	kind: 'match';
	/** In the words of the program that prints the rule. */
	words: string;
	test(frame: Frame): Truth;
	/** What the packet has: "arrives on eth0". */
	has(frame: Frame): string;
	/** Why it cannot be told, where test gave null. */
	doubt(frame: Frame): Doubt;
	/** Fields of the packet that it looks at, of those by which clients differ (WalkStep.dividesBy). */
	asks: readonly string[];
	/** Set where it is true for one value of a field alone: a long chain is searched by these. */
	exactly?: Exactly;
}

export interface Exactly {
	field: 'dst' | 'dport';
	value: AddressValue;
}

/** Something that a rule does with the packet. */
export interface Action {
	kind: 'action';
	words: string;
	act(frame: Frame): Effect;
}

export type Effect =
	/** Goes on with what follows; the packet where it was changed. */
	| {kind: 'next'; packet?: WalkPacket}
	/** The rule does not match after all (a map without such an element). */
	| {kind: 'mismatch'; why?: string}
	| {kind: 'verdict'; verdict: 'accept' | 'drop' | 'reject' | 'queue' | 'stolen'; reject?: string}
	| {kind: 'call'; how: 'jump' | 'goto'; to: string}
	| {kind: 'return'}
	/** Address translation was decided for this connection. */
	| {kind: 'mapped'; manip: 'src' | 'dst'; packet: WalkPacket}
	/** What becomes of the packet here cannot be told. */
	| {kind: 'unknown'; doubt: Doubt}
	/** One of these, and which cannot be told. */
	| {kind: 'either'; effects: Effect[]; doubt: Doubt};
