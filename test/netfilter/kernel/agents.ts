import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {once} from 'node:events';
import readline from 'node:readline';
import type {Sent} from './packets.js';
import {addressesOf, type PlaceName, ports, silentPort} from './topology.js';

/** A process in one namespace of the testbed, which answers there and sends from there. */
export interface Agent {
	pid: number;
	/** Sends a packet over lo that shows in a trace: what comes after it came after it. */
	mark(port: number): Promise<void>;
	/** Sends one request; gives whether an answer came within `patience` ms. */
	ask(sent: Sent, patience: number): Promise<boolean>;
	stop(): Promise<void>;
}

export async function startAgent(place: PlaceName, enter: readonly string[]): Promise<Agent> {
	const addresses = [...addressesOf(place, 4), ...addressesOf(place, 6), '127.0.0.1', '::1'];
	const script = new URL('agent.mjs', import.meta.url).pathname;
	const [program = '', ...args] = [...enter, process.execPath, script, JSON.stringify({addresses, ports, silent: [silentPort]})];
	const child = spawn(program, args, {stdio: ['pipe', 'pipe', 'inherit']}) as unknown as ChildProcessWithoutNullStreams;
	const replies = readline.createInterface(child.stdout)[Symbol.asyncIterator]();
	const reply = async () => JSON.parse((await replies.next()).value ?? '{}') as {reached?: boolean};
	const tell = (what: object) => {
		child.stdin.write(`${JSON.stringify(what)}\n`);
		return reply();
	};
	await reply();
	return {
		pid: child.pid ?? 0,
		async mark(port) {
			await tell({mark: port});
		},
		async ask({proto, dst, dport, sport, ttl = 64, tos = 0}, patience) {
			return (await tell({proto, dst, dport, sport, ttl, tos, patience})).reached === true;
		},
		async stop() {
			child.stdin.end();
			if (child.exitCode === null) await once(child, 'exit');
		},
	};
}
