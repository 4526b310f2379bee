import {test as base} from 'vitest';
import {type Program, start} from './program.js';

/** Starts a program that is stopped when its test ends, also one that failed. */
export type Open = typeof start;

/** A test that opens programs in terminals of their own, so that others may run beside it. */
export const test = base.extend('open', ({task: _}, {onCleanup}): Open => {
	const opened: Program[] = [];
	onCleanup(() => {
		for (const program of opened) program.stop();
	});
	return (...given) => {
		const program = start(...given);
		opened.push(program);
		return program;
	};
});
