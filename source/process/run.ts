// By its file's own name: the tests' labs run this file without a build.
import {start} from './start.ts';

/** What a program did. Exactly one of `code`, `signal` and `failure` says how it ended. */
export interface Ran {
	stdout: string;
	stderr: string;
	code: number | null;
	signal: NodeJS.Signals | null;
	/** ENOENT (not installed), EACCES, EDOOR (its door is closed), ABORTED, TIMEOUT, TOO-LONG (output over the limit), or another errno of spawn. */
	failure: string | null;
}

export interface RunOptions {
	/** Default 10,000 ms; then SIGKILL and failure TIMEOUT. */
	timeoutMs?: number;
	/** Default 256 MiB for stdout and stderr each. */
	maxBytes?: number;
	signal?: AbortSignal;
	stdin?: string;
	env?: NodeJS.ProcessEnv;
}

/**
 * Runs one program with an argument vector (never a shell) in the C locale and gives what it printed, as UTF-8 text.
 * Never rejects: a program that is missing or killed is a value.
 */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
	const {timeoutMs = 10_000, maxBytes = 256 * 1024 * 1024, signal, stdin, env} = options;
	return new Promise(resolve => {
		let failure: string | null = null;
		const child = start(argv, {stdin: stdin !== undefined, env: {...process.env, ...env, LC_ALL: 'C'}});
		const end = (why: string) => {
			failure ??= why;
			child.kill('SIGKILL');
		};
		const timer = setTimeout(end, timeoutMs, 'TIMEOUT');
		const abort = () => end('ABORTED');
		if (signal?.aborted) abort();
		signal?.addEventListener('abort', abort, {once: true});
		const output = {stdout: [] as Buffer[], stderr: [] as Buffer[]};
		for (const name of ['stdout', 'stderr'] as const) {
			let bytes = 0;
			child[name]?.on('data', (chunk: Buffer) => {
				bytes += chunk.length;
				if (bytes > maxBytes) end('TOO-LONG');
				else output[name].push(chunk);
			});
		}
		const finish = (code: number | null, killed: NodeJS.Signals | null) => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
			const text = (name: 'stdout' | 'stderr') => Buffer.concat(output[name]).toString('utf8');
			resolve({
				stdout: text('stdout'),
				stderr: text('stderr'),
				code: failure ? null : code,
				signal: failure ? null : killed,
				failure,
			});
		};
		child.on('error', (error: NodeJS.ErrnoException) => {
			failure ??= error.code ?? error.message;
			if (child.pid === undefined) finish(null, null);
		});
		child.on('close', finish);
		child.stdin?.on('error', () => {});
		child.stdin?.end(stdin);
	});
}
