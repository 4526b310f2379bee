import {isIPv4} from 'node:net';
import type {Group, Proto, Socket} from '../model/index.js';
import {clean} from '../text/clean.js';
import {commandOf, readProgram} from './program.js';
import type {SocketOwners} from './socket-owners.js';
import {wholeLines} from './whole-lines.js';

/**
 * The listening TCP and SCTP sockets and the bound UDP sockets of a network namespace (ss(8), over sock_diag: it alone tells
 * IPV6_V6ONLY). Owners are null where `owners` is.
 * TCP is asked for by the state LISTEN alone: `-l` asks for closed ones as well, for which the kernel goes through the whole table of
 * connections (inet_diag_dump_icsk), hundreds of thousands of places for each family, in every namespace anew.
 */
export async function readSockets(enter: readonly string[], owners: SocketOwners | Promise<SocketOwners> | null): Promise<Group<Socket[]>> {
	const [streams, others] = await Promise.all([
		readProgram(enter, ['ss', '-tneH', 'state', 'listening'], text => parseSockets(text, 'tcp LISTEN ')),
		readProgram(enter, ['ss', '-uSneH', 'state', 'listening', 'state', 'unconnected'], text => parseSockets(text)),
	]);
	if (!streams.read) return streams;
	if (!others.read) return others;
	const value = [...others.value, ...streams.value];
	const group = {...streams, source: `${streams.source}; ${others.source}`, command: commandOf(enter, ['ss', '-tuSlne'])};
	return {...group, value: owners === null ? value : await withOwners(value, await owners)};
}

/** A socket of inode 0 belongs to the kernel alone (a tunnel's). */
export function withOwners(sockets: Socket[], owners: SocketOwners): Promise<Socket[]> {
	return Promise.all(sockets.map(async socket => ({...socket, owners: await owners(socket.inode)})));
}

/**
 * What `ss -neH` printed: one line per socket. Throws where a line is none. Of one protocol, or in one state, it does not print which:
 * `left` is what it leaves out at the beginning of each line.
 */
export function parseSockets(text: string, left = ''): Socket[] {
	return wholeLines(text).map(line => toSocket(`${left}${line.trim()}`));
}

function toSocket(line: string): Socket {
	const [proto = '', state = '', waiting, limit, local = '', peer = '', ...extra] = line.split(/\s+/);
	const [, host, port] = /^(.+):(\d+|\*)$/.exec(local) ?? [];
	if (!isProto(proto) || host === undefined || port === undefined || peer === '') throw new Error(`"${clean(line, 80)}" is no socket`);
	const [shown = '', device] = host.split('%');
	const bare = shown.replace(/^\[|\]$/g, '');
	const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
	const address = mapped ?? (bare === '*' ? '::' : bare);
	const family = isIPv4(address) ? 4 : 6;
	const details = new Map(extra.map(word => [word.split(':')[0] ?? '', word.slice(word.indexOf(':') + 1)]));
	const v6only = details.get('v6only');
	return {
		proto,
		family,
		state: states[state] ?? clean(state).toLowerCase(),
		address: clean(address),
		port: port === '*' ? 0 : Number(port),
		device: device === undefined ? null : clean(device),
		v6only: family === 4 ? false : v6only === undefined ? null : v6only === '1',
		peer: null,
		queue: state === 'LISTEN' ? {waiting: Number(waiting), limit: Number(limit)} : null,
		inode: Number(details.get('ino') ?? 0),
		// ss leaves the number out where it is 0.
		uid: Number(details.get('uid') ?? 0),
		owners: null,
	};
}

function isProto(text: string): text is Proto {
	return text === 'tcp' || text === 'udp' || text === 'sctp';
}

const states: Record<string, string> = {LISTEN: 'listen', UNCONN: 'bound', ESTAB: 'established'};
