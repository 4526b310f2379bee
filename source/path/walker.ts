import type {Container} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import type {ConntrackTable} from './conntrack.js';
import type {Trail} from './trail.js';
import type {Site, World} from './world.js';

/** Where the request is meant to end. */
export interface Goal {
	container: Container | null;
	/** The target's own address (not the published one) and port; null where it has none. */
	address: string | null;
	port: number;
	proto: string;
}

/** One packet on its way: the world it crosses, what conntrack remembers, the hops so far. */
export interface Walk {
	world: World;
	table: ConntrackTable;
	/** Sets to which rules have added something for packets of this request, by namespace (Site.key): for the next packet their dump says no longer all. */
	touched: Map<string, readonly string[]>;
	trail: Trail;
	goal: Goal;
	/** request: a first packet, which looks for a socket; answer and later: packets of a connection that has one. */
	role: 'request' | 'answer' | 'later';
}

/** Where the packet is; each state has one function that gives the next. */
export type State =
	/** Made in this namespace; bound: to this link. */
	| {at: 'output'; site: Site; packet: WalkPacket; bound: string | null}
	/**
	 * Came in at layer 3 by packet.iif. carried: conntrack's look at it came along (over lo). entered: br_netfilter has shown it to
	 * PREROUTING already, which is not called twice (ip_sabotage_in).
	 */
	| {at: 'receive'; site: Site; packet: WalkPacket; carried: boolean; entered?: boolean}
	/** Leaves a namespace by packet.oif towards this neighbour. */
	| {at: 'transmit'; site: Site; packet: WalkPacket; nexthop: string}
	/** A frame of a container has come in at a port of a bridge. */
	| {at: 'bridge'; bridge: string; port: string; packet: WalkPacket; nexthop: string; from: Site}
	| End;

export type End =
	/** Reached the transport layer of a namespace. */
	| {at: 'socket'; site: Site; packet: WalkPacket}
	/** Left this host by one of its links. */
	| {at: 'left'; site: Site; packet: WalkPacket; nic: string}
	/** Cannot be followed; the trail says why. */
	| {at: 'nowhere'; site: Site; packet: WalkPacket};

export function isEnd(state: State): state is End {
	return state.at === 'socket' || state.at === 'left' || state.at === 'nowhere';
}
