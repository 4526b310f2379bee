/**
 * Why something cannot be told. Each entry has a page in docs/unknowns/.
 * A new entry is one line here, one in rows/words and one page.
 */
export const unknownIds = [
	/** The right is lacking (root, a capability, the group of the socket). */
	'no-permission',
	/** The program that would read it is not installed. */
	'no-program',
	/** The engine's bridges are in a network namespace that dockhop does not read. */
	'other-namespace',
	/** The engine runs on another host, whose kernel is not read. */
	'other-host',
	/** The engine did not answer. */
	'no-engine',
	/** The program or file that was read answered with something else than expected. */
	'read-failed',
	/** The recording was made without it. */
	'not-recorded',
	/** It was not asked for in this reading. */
	'not-read',
	/** A rule on the path was not understood, and could change the answer. */
	'rule-not-understood',
	/** A rule whose answer differs from packet to packet (limit, statistic, queue to a program). */
	'no-fixed-answer',
	/** Chains of equal priority: which of them comes first was decided when they were made, is in no dump, and would change the answer. */
	'chain-order',
	/** The network's driver is not explained yet. */
	'driver-not-explained',
	/** A name whose answer only a server outside can give, and no server answered. */
	'name-not-asked',
	/** What the kernel remembers (a neighbour, where a MAC address is) is out of date: packets are lost until it asks anew. */
	'stale-memory',
	/** What lies behind (another host, a tunnel) cannot be seen from here. */
	'out-of-sight',
] as const;

export type UnknownId = (typeof unknownIds)[number];
