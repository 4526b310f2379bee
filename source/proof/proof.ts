import type {Gap, Packet, Path, SeenConnection, SeenRule} from '../model/index.js';
import type {Latency} from './latency.js';
import type {Witnesses} from './witnesses.js';

/** What was seen at one hop. */
export interface Observed {
	/** false: it should have been seen there, and was not; null: that place cannot be looked at, `gap` says why where that is known. */
	seen: boolean | null;
	gap: Gap | null;
	/** inferred: the connection that docker-proxy opened was told from others by its time alone. */
	certainty: 'observed' | 'inferred';
	/** The headers as they came into a hook, and as they left it; null: not seen (or no hook). */
	before: Packet | null;
	after: Packet | null;
	/** Rules that the first packet met there. */
	rules: ObservedRule[];
	/** On this hop's link, in the order of time; us: since the request's first packet. */
	packets: ObservedPacket[];
	conntrack: (Omit<SeenConnection, 'place'> & {us: number})[];
}

export interface ObservedRule extends SeenRule {
	/** As --line-numbers counts and iptables prints it, where the walk knows that rule. */
	rule: number | null;
	/** What the walk had said of it: null where it does not know it. */
	explained: boolean | null;
}

export interface ObservedPacket {
	interface: string;
	direction: 'in' | 'out';
	us: number;
	src: string;
	dst: string;
	sport: number | null;
	dport: number | null;
	/** "syn", "syn ack", "question" (who has that address?); empty for UDP. */
	what: string;
}

/** A path beside what a trace saw of it. */
export interface Proof {
	/** With verdict, blockedAt and lost as they were observed, where something was. */
	path: Path;
	explained: Pick<Path, 'verdict' | 'blockedAt' | 'lost'>;
	/** Of each hop. */
	observed: Observed[];
	/** Of each hop of the way back. */
	reply: Observed[];
	agreement: boolean | null;
	/** Indexes of hops that show something else than was explained. */
	differs: number[];
	latency: Latency;
	/** How often the client's first packet, and the answer to it, were sent again. */
	repeated: {request: number; answer: number};
	witnesses: Witnesses;
	/** What a person should read first. */
	says: string;
	/** Why a place shows less than all. */
	notSeen: string[];
}
