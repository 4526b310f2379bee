import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {spawn} from '@lydell/node-pty';

/** A program in a pseudo-terminal, watched by the clock. */
export interface Screen {
	/** Milliseconds from the start to the output that matches. Rejects after 30 s, or where the program ends before. */
	shows(text: RegExp): Promise<number>;
	/** Waits until nothing was written for `quietMs`. */
	quiet(quietMs?: number): Promise<void>;
	/** Sends keys; gives what they made the program write until it fell silent: bytes, ms to the first and to the last of them (0: none). */
	press(keys: string): Promise<{bytes: number; firstMs: number; lastMs: number}>;
	/** What it writes, and how much of one core it takes (0…1), while nobody touches it. */
	idle(ms: number): Promise<{bytes: number; core: number}>;
	/** Highest resident memory so far, in MB. */
	peakMegabytes(): number;
	/** Ends it and waits. */
	stop(): Promise<void>;
}

/** Starts it in a terminal of that size. */
export function openScreen(argv: readonly string[], columns = 120, rows = 40): Screen {
	const started = performance.now();
	const [program = '', ...args] = argv;
	const pty = spawn(program, args, {cols: columns, rows, env: environment(), name: 'xterm-256color'});
	let text = '';
	let bytes = 0;
	let firstAt = 0;
	let lastAt = started;
	let ended = false;
	let looked = () => {};
	pty.onData(data => {
		lastAt = performance.now();
		if (firstAt === 0) firstAt = lastAt;
		text += data;
		bytes += Buffer.byteLength(data);
		looked();
	});
	const end = new Promise<void>(resolve =>
		pty.onExit(() => {
			ended = true;
			looked();
			resolve();
		}),
	);
	const quiet = async (quietMs = 400) => {
		while (performance.now() - lastAt < quietMs) await sleep(20);
	};
	return {
		shows: wanted =>
			new Promise((resolve, reject) => {
				const failed = (why: string) =>
					reject(new Error(`${argv.join(' ')}: ${why} and no ${wanted} in ${JSON.stringify(text.slice(-400))}`));
				const timer = setTimeout(failed, 30_000, '30 s');
				looked = () => {
					const found = wanted.test(text);
					if (!found && !ended) return;
					clearTimeout(timer);
					looked = () => {};
					if (found) resolve(lastAt - started);
					else failed('it ended');
				};
				looked();
			}),
		quiet,
		async press(keys) {
			[bytes, firstAt] = [0, 0];
			const pressed = performance.now();
			lastAt = pressed;
			pty.write(keys);
			await quiet();
			return {bytes, firstMs: firstAt && firstAt - pressed, lastMs: lastAt - pressed};
		},
		async idle(ms) {
			bytes = 0;
			const [before, from] = [processorMs(pty.pid), performance.now()];
			await sleep(ms);
			return {bytes, core: (processorMs(pty.pid) - before) / (performance.now() - from)};
		},
		peakMegabytes: () => Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pty.pid}/status`, 'utf8'))?.[1]) / 1000,
		async stop() {
			if (!ended) pty.kill('SIGTERM');
			const killer = setTimeout(() => !ended && pty.kill('SIGKILL'), 2000);
			await end;
			clearTimeout(killer);
		},
	};
}

/** Processor time of a process so far: the scheduler's nanoseconds of all its threads (/proc/PID/task/TID/schedstat). */
function processorMs(pid: number): number {
	const folder = `/proc/${pid}/task`;
	const nanoseconds = readdirSync(folder).map(thread => Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]));
	return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
}

/** What decides about drawing is set; nothing of the caller's terminal comes through. */
function environment(): Record<string, string> {
	const {PATH = '', HOME = ''} = process.env;
	return {PATH, HOME, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8'};
}
