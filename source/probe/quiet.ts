import {ownProgram} from '../process/own-program.js';
import {clean} from '../text/clean.js';
import type {Sender} from './sender.js';

/** What a connection on which nothing was sent did: spoke (a banner came), closed by the other side, open when the time ran out, failed. */
export interface QuietConnection {
	did: 'spoke' | 'closed' | 'open' | 'failed';
	localAddress: string | null;
	localPort: number | null;
}

export interface QuietOptions {
	address: string;
	port: number;
	/** Address to send from, or null. */
	from: string | null;
	/** How long to listen. */
	ms: number;
	signal: AbortSignal;
}

/**
 * Opens a TCP connection and says nothing, to tell a process that closes because it was asked in HTTP (it waits for a client
 * of its own kind) from one that closes whatever comes, or from docker-proxy with nobody behind it.
 */
export async function connectQuietly(sender: Sender, {address, port, from, ms, signal}: QuietOptions): Promise<QuietConnection> {
	const argv = ownProgram(client, [address, String(port), String(ms), from ?? '']);
	const ran = await sender.run(argv, {timeoutMs: ms + 2000, signal, env: {NODE_OPTIONS: ''}});
	try {
		return JSON.parse(clean(ran.stdout)) as QuietConnection;
	} catch {
		return {did: 'failed', localAddress: null, localPort: null};
	}
}

/** Runs as a program of its own, in the origin's namespace. */
const client = `
const [, address, port, ms, from] = process.argv;
const socket = require('node:net').connect({host: address, port: Number(port), localAddress: from || undefined});
const timer = setTimeout(() => done(opened ? 'open' : 'failed'), Number(ms));
let opened = null;
const done = did => {
	clearTimeout(timer);
	socket.destroy();
	console.log(JSON.stringify({did, localAddress: opened?.address ?? null, localPort: opened?.port ?? null}));
	process.exit();
};
socket.on('connect', () => (opened = socket.address()));
socket.on('data', () => done('spoke'));
socket.on('end', () => done('closed'));
socket.on('error', () => done(opened ? 'closed' : 'failed'));`;
