import {spawn} from 'node:child_process';
import {ownProgram} from '../process/own-program.js';
import type {EngineClient} from './connect.js';

/**
 * Watches over a container that is about to be made: when this process ends in any way before `release`, it is removed. (A container that was
 * made, but not yet started, would stay: its input cannot end.) A small process in a session of its own, which no signal of the terminal reaches;
 * it lives three seconds longer than this one. Only for an engine behind a unix socket; elsewhere nothing is watched.
 */
export function keepHelper({address: {transport}}: EngineClient, name: string): {release(): void} {
	if (transport.kind !== 'unix') return {release() {}};
	const [program = '', ...argv] = ownProgram(keeper, [transport.path, name]);
	const child = spawn(program, argv, {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
		env: {...process.env, NODE_OPTIONS: ''},
	});
	child.on('error', () => {});
	child.stdin.on('error', () => {});
	child.unref();
	(child.stdin as unknown as {unref?(): void}).unref?.();
	return {release: () => void child.stdin.end('.')};
}

/** Removes the container until the engine says that it is gone for good: it may still be about to appear. */
const keeper = `
const [, socketPath, name] = process.argv;
const until = 3000;
let released = false;
process.stdin.on('data', () => { released = true; });
process.stdin.on('close', () => {
	if (released) process.exit();
	const began = performance.now();
	const again = status => {
		if (status === 204 || performance.now() - began > until) process.exit();
		setTimeout(remove, 100);
	};
	const remove = () => {
		const options = {socketPath, method: 'DELETE', path: '/containers/' + name + '?force=1&v=1', timeout: 5000};
		const asked = require('node:http').request(options, answer => { answer.resume(); again(answer.statusCode); });
		asked.on('timeout', () => asked.destroy());
		asked.on('error', () => again(0));
		asked.end();
	};
	remove();
});`;
