import {spawn} from 'node:child_process';
import {setImmediate as turn} from 'node:timers/promises';

/** Runs a program on the terminal that Ink has given back, with a line above it that says what it is. Rejects where it did not start. */
export async function runOnTerminal([program = '', ...args]: readonly string[], words: string): Promise<void> {
	await readNoMore(process.stdin);
	process.stdout.write(`\n${words}\n`);
	await new Promise<void>((resolve, reject) => {
		const child = spawn(program, args, {stdio: 'inherit'});
		child.once('error', reject);
		child.once('close', () => resolve());
	});
}

/**
 * Ink takes its listener away, but Node has begun a read, which would take every second key from the program. Only a stream that flows
 * can be paused, and it has to have begun to flow.
 */
async function readNoMore(stdin: NodeJS.ReadStream): Promise<void> {
	stdin.resume();
	await turn();
	stdin.pause();
	await turn();
}
