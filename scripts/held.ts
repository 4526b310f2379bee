import {spawn} from 'node:child_process';

/** A program that runs while others print. */
export interface Held {
	/** Its exit code (1 where it could not be started), and how long it ran. */
	ended: Promise<{code: number; seconds: number}>;
	/** Prints what it has written, and from now on at once. */
	release(): void;
}

/** Starts a program of node_modules/.bin (npm has it in PATH). What it writes is held back until it is released. */
export function held([program, ...args]: readonly [string, ...string[]]): Held {
	const began = performance.now();
	const color = process.stdout.isTTY && !process.env.NO_COLOR ? {FORCE_COLOR: '1'} : {};
	const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...color}});
	let waiting: (Buffer | string)[] | null = [];
	const take = (part: Buffer | string) => {
		if (waiting) waiting.push(part);
		else process.stdout.write(part);
	};
	child.stdout.on('data', take);
	child.stderr.on('data', take);
	const {promise: ended, resolve} = Promise.withResolvers<{code: number; seconds: number}>();
	const end = (code: number) => resolve({code, seconds: (performance.now() - began) / 1000});
	child.once('error', error => {
		take(`${program} did not start (${error.message}): npm ci\n`);
		end(1);
	});
	child.once('close', code => end(code ?? 1));
	return {
		ended,
		release() {
			for (const part of waiting ?? []) process.stdout.write(part);
			waiting = null;
		},
	};
}
