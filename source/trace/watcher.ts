import type {Gap} from '../model/index.js';

/** Something that looks into one place while a request is under way. */
export interface Watcher<T> {
	/** Why it sees nothing, or not all; null: it sees all. Final when it was stopped. */
	gap(): Gap | null;
	events(): T[];
	/** Milliseconds (performance.now) of the last thing seen; 0 before one. */
	lastLine(): number;
	/** Nothing that it has yet to read waits in the kernel, as far as that can be told. */
	caughtUp(): Promise<boolean>;
	stop(): Promise<void>;
}

/** One that could not be started. */
export function blind(gap: Gap): Watcher<never> {
	return {gap: () => gap, events: () => [], lastLine: () => 0, caughtUp: async () => true, stop: async () => {}};
}
