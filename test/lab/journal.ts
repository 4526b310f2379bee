import {type Ran, type RunOptions, run} from '../../source/process/run.ts';

export interface CommandOptions extends RunOptions {
	/** Give the result of a command that failed, instead of an error with all that it printed. */
	mayFail?: boolean;
}

/** Runs programs for a lab and remembers what each did, so that a failed test can show it. */
export class Journal {
	readonly entries: string[] = [];

	/** Default time limit 30 s. Rejects, with the program's output, where it exits with anything but 0, unless it may fail. */
	async run(argv: readonly string[], {mayFail = false, ...options}: CommandOptions = {}): Promise<Ran> {
		const ran = await run(argv, {timeoutMs: 30_000, ...options});
		const entry = describe(argv, ran);
		this.entries.push(entry);
		if (ran.code !== 0 && !mayFail) throw new Error(entry);
		return ran;
	}
}

function describe(argv: readonly string[], ran: Ran): string {
	const end = ran.failure ?? ran.signal ?? `exit ${ran.code}`;
	return [`$ ${argv.join(' ')}   → ${end}`, ran.stdout.slice(-4000).trimEnd(), ran.stderr.slice(-4000).trimEnd()]
		.filter(part => part !== '')
		.join('\n');
}
