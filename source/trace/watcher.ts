import type {Gap} from '../model/index.js';

/** Something that looks into one place while a request is under way. */
export interface Watcher<T> {
	/** Why it sees nothing, or has missed something since (microseconds since the epoch); null: it saw all. Final when it was stopped. */
	gap(since: number): Gap | null;
	events(): T[];
	/** What matters begins now: nothing is heard before, and what was missed before does not count. */
	begin(): Promise<void>;
	/** Drops what was seen before (microseconds since the epoch). */
	forget(us: number): void;
	/** Asks anew whether it has missed something. */
	check(): Promise<void>;
	/** Milliseconds (performance.now) of the last thing seen; 0 before one. */
	lastLine(): number;
	/** Nothing that it has yet to read waits in the kernel, as far as that can be told. */
	caughtUp(): Promise<boolean>;
	/** It has read all that happened before (microseconds since the epoch), though more has come since. */
	past(us: number): Promise<boolean>;
	stop(): Promise<void>;
}

/** One that could not be started. */
export function blind(gap: Gap): Watcher<never> {
	return {
		gap: () => gap,
		events: () => [],
		begin: async () => {},
		forget: () => {},
		check: async () => {},
		lastLine: () => 0,
		caughtUp: async () => true,
		past: async () => true,
		stop: async () => {},
	};
}
