import type {KernelPart, Session} from '../session/session.js';
import type {ExitCode} from './exit-codes.js';
import type {GlobalOptions} from './options.js';
import type {Output} from './output.js';

/** One subcommand as data: help, completion and parsing are made from it. */
export interface Command {
	name: string;
	/** What it does, in a line of the help. */
	words: string;
	arguments: {name: string; words: string; values?: readonly string[]; optional?: true}[];
	options: OptionWords[];
	/** What it needs of a live host's kernel; default: all. */
	reads?: KernelPart;
	/** Does it; rejects with UsageError or EngineError. */
	run(context: Context): Promise<ExitCode>;
}

export interface OptionWords {
	/** As commander writes them: "--from <ORIGIN>". */
	flags: string;
	words: string;
	/** What may stand behind it, for completion and checking. */
	values?: readonly string[];
}

/** What a command is given. */
export interface Context {
	arguments: string[];
	/** The command's own options, by the camel-cased name. */
	own: Record<string, string | boolean | undefined>;
	options: GlobalOptions;
	output: Output;
	/** Made at the first call: `explain` and `completion` need none. */
	session(): Session;
	/** Aborted by Ctrl-C. */
	signal: AbortSignal;
}

/** The request cannot be asked as it was written: exit code 2. */
export class UsageError extends Error {}
