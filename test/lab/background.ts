import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';

/** A program that runs on by itself. */
export interface Background {
	pid: number;
	/** How it ended ("exit 1", "SIGKILL", why it could not be started); null while it runs. */
	readonly ended: string | null;
	/** All that it has printed so far. */
	output(): Promise<string>;
	/** Waits until `true` comes back. Rejects, with the end of the output, where the program ends first or `limitMs` pass. */
	until(isReady: () => Promise<boolean>, limitMs: number): Promise<void>;
	/** Ends it: SIGTERM, after two seconds SIGKILL; gives how it ended. */
	stop(): Promise<string>;
}

/** Starts a program in a session of its own, with its output in a file. It outlives this process: its lab ends it. */
export function startBackground(argv: readonly string[], logFile: string, env: NodeJS.ProcessEnv = {}): Background {
	const log = openSync(logFile, 'a');
	const child = spawn(argv[0] as string, argv.slice(1), {detached: true, stdio: ['ignore', log, log], env: {...process.env, ...env}});
	closeSync(log);
	child.unref();
	let ended: string | null = null;
	const end = new Promise<string>(resolve => {
		const finish = (how: string) => {
			ended ??= how;
			resolve(ended);
		};
		child.on('error', error => finish(error.message));
		child.on('exit', (code, signal) => finish(signal ?? `exit ${code}`));
	});
	const output = () => readFile(logFile, 'utf8');
	return {
		pid: child.pid ?? -1,
		get ended() {
			return ended;
		},
		output,
		async until(isReady, limitMs) {
			const limit = Date.now() + limitMs;
			while (!(await isReady())) {
				if (ended !== null || Date.now() > limit) {
					throw new Error(`${argv.join(' ')}: ${ended ?? `not ready after ${limitMs} ms`}\n${(await output()).slice(-4000)}`);
				}
				await sleep(100);
			}
		},
		async stop() {
			child.kill('SIGTERM');
			const killer = setTimeout(() => child.kill('SIGKILL'), 2000);
			const how = await end;
			clearTimeout(killer);
			return how;
		},
	};
}
