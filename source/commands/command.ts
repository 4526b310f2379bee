import type {KernelPart, Session} from '../session/session.js';
import type {ExitCode} from './exit-codes.js';
import type {GlobalOptions} from './options.js';
import type {Output} from './output.js';

/** What the names for completion are taken from, besides fixed words: what a request may go to or come from (of a trace: also whoever asks), or files. */
export type Offers = 'targets' | 'origins' | 'senders' | 'askers' | 'files';

/** One subcommand as data: parsing, help, completion, the man page and README's table are made from it. */
export interface Command {
	name: string;
	/** What it does, in a line of the help. */
	words: string;
	/** The same at more length, for the README and the man page. */
	more?: string;
	arguments: {name: string; words: string; values?: readonly string[]; offers?: Offers; optional?: true; many?: true}[];
	options: OptionWords[];
	/** For programs, not for people: it stands in no help. */
	hidden?: true;
	/** What it needs of a live host's kernel; default: all. */
	reads?: KernelPart;
	/** It waits for what others do, and needs the host as it is then; the others rest on one reading. */
	waits?: true;
	/** Does it; rejects with UsageError or EngineError. */
	run(context: Context): Promise<ExitCode>;
}

export interface OptionWords {
	/** As commander writes them: "--from <ORIGIN>". */
	flags: string;
	words: string;
	/** What may stand behind it, for completion and checking. */
	values?: readonly string[];
	offers?: Offers;
}

/** What a command is given. */
export interface Context {
	arguments: string[];
	/** The command's own options, by the camel-cased name. */
	own: Record<string, string | boolean | undefined>;
	options: GlobalOptions;
	output: Output;
	/** Made at the first call: `explain` and `completion` need none. `options` where they are not those of this command line. */
	session(options?: GlobalOptions): Session;
	/** Aborted by Ctrl-C. */
	signal: AbortSignal;
}

/** The request cannot be asked as it was written: exit code 2. */
export class UsageError extends Error {}
