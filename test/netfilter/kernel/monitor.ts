import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import type {Agent} from './agents.js';
import {parseTrace, type Window} from './trace.js';

/** `nft monitor trace` in one namespace, while requests are sent one after another. */
export interface Monitor {
	/** Begins the window of the next request, from this port of its client. */
	next(client: number): Promise<void>;
	/** Ends it, and gives what was seen in each window. */
	stop(): Promise<Window[]>;
}

/** Starts it and waits until it sees packets. The namespace's rules have to set nftrace on them. */
export async function startMonitor(enter: readonly string[], agent: Agent): Promise<Monitor> {
	const [program = '', ...args] = [...enter, 'nft', '-a', 'monitor', 'trace'];
	const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit']});
	let text = '';
	child.stdout.on('data', (chunk: Buffer) => {
		text += chunk.toString();
	});
	const seen = async (port: number, again: () => Promise<void>) => {
		const end = Date.now() + 10_000;
		while (!text.includes(`udp dport ${port} `)) {
			if (Date.now() > end) throw new Error(`the trace shows no packet to port ${port}: ${text.slice(-2000)}`);
			await again();
			await wait(4);
		}
	};
	let port = firstPort;
	const clients: number[] = [];
	await seen(firstPort, () => agent.mark(firstPort));
	return {
		next(client) {
			clients.push(client);
			return agent.mark(++port);
		},
		async stop() {
			await agent.mark(++port);
			await seen(port, async () => {});
			child.kill('SIGTERM');
			await once(child, 'exit');
			return parseTrace(text, firstPort + 1, clients);
		},
	};
}

/** Ports of the markers: far from those of the requests. */
const firstPort = 61_000;
