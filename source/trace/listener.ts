import {StringDecoder} from 'node:string_decoder';
import {type Started, splitDoor, start} from '../process/start.js';

export interface Listener {
	/** -1 where it is not a process of ours. */
	readonly pid: number;
	/** It runs in a helper container. */
	readonly throughHelper: boolean;
	/** Milliseconds (performance.now) of the last bytes; 0 before any. */
	readonly lastLine: number;
	/** What it said on stderr, the end of it. */
	readonly said: string;
	/** How it ended ("exit 1", "SIGKILL", ENOENT); null while it runs. */
	readonly ended: string | null;
	/** Waits until it is ready, has ended, or the time is up; gives whether it is ready. */
	until(isReady: () => boolean | Promise<boolean>, ms: number): Promise<boolean>;
	write(text: string): void;
	signal(name: NodeJS.Signals): void;
	/** Counts its bytes from nought again: what it has written so far is no longer kept. */
	forget(): void;
	/** Ends it by its own pid, and waits until it has said its last. */
	stop(): Promise<void>;
}

/**
 * Starts a program that writes until it is stopped; `stdin`: it is written to. Behind `maxBytes` it is stopped: a trace is bounded. Never rejects.
 * Its own end comes with dockhop's where the argument vector says so (tether).
 */
export function listen(argv: readonly string[], onBytes: (chunk: Buffer) => void, {stdin = false, maxBytes = 64 << 20} = {}): Listener {
	const PATH = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'].filter(Boolean).join(':');
	// No home: nft -i would leave a history of its commands there.
	const env = {...process.env, PATH, LC_ALL: 'C', TZ: 'UTC', HOME: '/dev/null'};
	const child = start(argv, {stdin, env});
	const state = {lastLine: 0, said: '', ended: null as string | null};
	const end = (how: string) => {
		state.ended ??= how;
	};
	child.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
	// Not 'exit': what it said last would be missing.
	child.on('close', (code, signal) => end(signal ?? `exit ${code}`));
	child.stdin?.on('error', () => {});
	child.stderr?.on('data', (chunk: Buffer) => {
		state.said = (state.said + chunk.toString()).slice(-10_000);
	});
	let bytes = 0;
	child.stdout?.on('data', (chunk: Buffer) => {
		state.lastLine = performance.now();
		bytes += chunk.length;
		if (bytes > maxBytes) child.kill('SIGKILL');
		else onBytes(chunk);
	});
	return {
		get pid() {
			return child.pid ?? -1;
		},
		throughHelper: splitDoor(argv).door.length > 0,
		get lastLine() {
			return state.lastLine;
		},
		get said() {
			return state.said;
		},
		get ended() {
			return state.ended;
		},
		async until(isReady, ms) {
			const limit = performance.now() + ms;
			while (state.ended === null && performance.now() < limit) {
				if (await isReady()) return true;
				await new Promise(resolve => setTimeout(resolve, 4));
			}
			return state.ended === null && isReady();
		},
		write: text => void child.stdin?.write(text),
		signal: name => void child.kill(name),
		forget: () => {
			bytes = 0;
		},
		stop: () => ended(child, () => state.ended),
	};
}

/** SIGINT first, so that it says what it has to; SIGKILL where that does not end it at once. */
async function ended(child: Started, how: () => string | null): Promise<void> {
	if (how() !== null) return;
	const gone = new Promise(resolve => child.once('close', resolve));
	child.kill('SIGINT');
	const killer = setTimeout(() => child.kill('SIGKILL'), 1000);
	await gone;
	clearTimeout(killer);
}

/** Makes lines of what a program prints. */
export function linesOf(onLine: (line: string) => void): (chunk: Buffer) => void {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	return chunk => {
		const parts = (rest + decoder.write(chunk)).split('\n');
		rest = parts.pop() ?? '';
		for (const line of parts) onLine(line);
	};
}
