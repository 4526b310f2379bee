import type {UnknownId} from './unknown.js';

/** How a fact is known: read from the kernel or seen during a probe; concluded from configuration; or not readable. */
export type Certainty = 'observed' | 'inferred' | 'missing';

/** A fact, where it was read, and the command by which a person can see it too. */
export interface Evidence {
	fact: string;
	source: string;
	/** Empty where no command shows it. */
	command: string;
	certainty: Certainty;
}

/** Why something could not be read, and which right or program would tell. */
export interface Gap {
	id: UnknownId;
	/** One clause, e.g. "rules are readable by root only". */
	why: string;
	/** What would close the gap, e.g. "sudo dockhop". */
	tell: string;
}

/** One group of facts: what was read with its source, or the reason why it was not. */
export type Group<T> = {read: true; value: T; source: string; command: string} | {read: false; gap: Gap};
