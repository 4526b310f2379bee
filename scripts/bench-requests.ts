import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import type {BenchHost} from './bench-host.ts';

/** A socket in front of an engine's that writes down what the engine is asked. */
export interface Counter {
	/** Path of the socket to ask instead. */
	socket: string;
	/** The requests since the last call, as kinds: "/containers/ID/json" → how often. */
	taken(): Map<string, number>;
	stop(): void;
}

/** Starts it on that host, so that the socket belongs to the engine's own network namespace. */
export async function countRequests(host: Pick<BenchHost, 'folder' | 'socket' | 'argv'>): Promise<Counter> {
	const socket = join(host.folder, 'counted.sock');
	const [program = '', ...args] = host.argv([process.execPath, join(import.meta.dirname, 'bench-proxy.ts'), socket, host.socket]);
	const proxy = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit']});
	process.once('exit', () => proxy.kill());
	let lines: string[] = [];
	let rest = '';
	proxy.stdout.setEncoding('utf8').on('data', (text: string) => {
		const parts = (rest + text).split('\n');
		rest = parts.pop() ?? '';
		lines.push(...parts);
	});
	await once(proxy.stdout, 'data');
	lines = [];
	return {
		socket,
		taken() {
			const kinds = new Map<string, number>();
			for (const line of lines) kinds.set(kindOf(line), (kinds.get(kindOf(line)) ?? 0) + 1);
			lines = [];
			return kinds;
		},
		stop: () => void proxy.kill(),
	};
}

/** Without method, API version, query and ids. */
function kindOf(line: string): string {
	return line
		.replace(/^GET /, '')
		.replace(/\?.*/, '')
		.replace(/^\/v\d+\.\d+(?=\/)/, '')
		.replace(/[0-9a-f]{64}/, 'ID');
}
