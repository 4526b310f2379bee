import {readdirSync, readlinkSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import type {Process} from '../model/index.js';
import {readProcess} from './process.js';
import {runReader} from './runner.js';

/** Which processes hold a socket, by its inode. */
export type SocketOwners = (inode: number) => Promise<Process[]>;

/**
 * One pass over /proc/PID/fd of every process, for all namespaces at once: the holder of a socket may live in another namespace
 * (dockerd holds the resolver's sockets of every container). Needs the rights of root (CAP_SYS_PTRACE); processes that end
 * meanwhile are left out. Gives way to the event loop every few processes, so that a screen stays alive.
 * `door`: through a helper container, whose `ls` reads them.
 * One pass serves all who ask within a second. A socket that it did not meet was perhaps opened since: one more pass looks for those.
 */
export async function readSocketOwners(door: readonly string[] = []): Promise<SocketOwners> {
	if (door.length > 0) return ownersFrom(await linksThrough(door));
	if (performance.now() - passAt > 1000) startPass();
	const first = pass;
	const known = await first;
	return async inode => {
		const found = await known(inode);
		if (found.length > 0 || inode === kernelsOwn) return found;
		if (pass === first) startPass();
		return (await pass)(inode);
	};
}

/** Sockets of the kernel itself (a tunnel's) have no inode. */
const kernelsOwn = 0;
let passAt = Number.NEGATIVE_INFINITY;
let pass: Promise<SocketOwners>;

function startPass(): void {
	passAt = performance.now();
	pass = readAll();
}

async function readAll(): Promise<SocketOwners> {
	const pids = new Map<number, Set<number>>();
	let seen = 0;
	for (const pid of listPids()) {
		for (const inode of socketsOf(pid)) pids.set(inode, (pids.get(inode) ?? new Set()).add(pid));
		if (++seen % 16 === 0) await setImmediate();
	}
	return ownersFrom(pids);
}

function ownersFrom(pids: Map<number, Set<number>>): SocketOwners {
	const processes = new Map<number, ReturnType<typeof readProcess>>();
	const processOf = (pid: number) => {
		const known = processes.get(pid) ?? readProcess(pid);
		processes.set(pid, known);
		return known;
	};
	return async inode => {
		const read = await Promise.all([...(pids.get(inode) ?? [])].map(processOf));
		return read.flatMap(group => (group.read ? [group.value] : []));
	};
}

/** The same by one `ls -l` of them all: a line "/proc/PID/fd:", then lines that end in "-> socket:[INODE]". -q: no name makes a line of its own. */
async function linksThrough(door: readonly string[]): Promise<Map<number, Set<number>>> {
	const {stdout} = await runReader(door, ['sh', '-c', 'exec ls -lq /proc/[0-9]*/fd']);
	const pids = new Map<number, Set<number>>();
	let pid = 0;
	for (const line of stdout.split('\n')) {
		pid = Number(/^\/proc\/(\d+)\/fd:$/.exec(line)?.[1] ?? pid);
		const inode = /^l\S+ .* \d+ -> socket:\[(\d+)\]$/.exec(line)?.[1];
		if (inode !== undefined) pids.set(Number(inode), (pids.get(Number(inode)) ?? new Set()).add(pid));
	}
	return pids;
}

/** The processes of this pid namespace that this user may see at all. */
export function listPids(): number[] {
	return attempt(() => readdirSync('/proc'))
		.filter(name => /^\d+$/.test(name))
		.map(Number);
}

/** Inodes of the sockets that a process holds (proc_pid_fd(5): "socket:[16437]"). */
function socketsOf(pid: number): number[] {
	const folder = `/proc/${pid}/fd`;
	return attempt(() => readdirSync(folder)).flatMap(fd =>
		attempt(() => [readlinkSync(`${folder}/${fd}`)]).flatMap(link => (link.startsWith('socket:[') ? [Number(link.slice(8, -1))] : [])),
	);
}

/** Nothing where a process has gone or is not ours. */
function attempt(read: () => string[]): string[] {
	try {
		return read();
	} catch {
		return [];
	}
}
