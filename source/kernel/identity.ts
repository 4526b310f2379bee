import {statSync} from 'node:fs';
import {readlink, stat} from 'node:fs/promises';
import {splitDoor} from '../process/start.js';
import {runReader} from './runner.js';

/** A network namespace to read. */
export interface Netns {
	/** Arguments in front of each program that is to run in it; empty for our own. */
	enter: readonly string[];
	/** A process in it, by which /proc shows it. */
	pid: number | 'self';
}

/** The namespace of a process, which its programs enter by nsenter(1); `door`: through a helper container. */
export function netnsAt(pid: number, door: readonly string[] = []): Netns {
	return {enter: [...door, 'nsenter', '-t', String(pid), '-n'], pid};
}

export const ownNetns: Netns = {enter: [], pid: 'self'};

/**
 * Which network namespace a process is in, as a number that is equal for equal namespaces; null where the process cannot be
 * seen. It is the inode of /proc/PID/net/dev, which the kernel allots once per namespace (fs/proc/generic.c, proc_net_ns_init)
 * and shows to everybody, while /proc/PID/ns/net of other users' processes needs root. Asked of hundreds of processes, and answered out of
 * memory: a thread for each would take ten times as long.
 */
export async function netnsOf(pid: number | 'self'): Promise<number | null> {
	try {
		return statSync(`/proc/${pid}/net/dev`).ino;
	} catch {
		return null;
	}
}

/** Inode of the namespace as /proc/PID/ns/net (namespaces(7)) and `lsns -t net` show it; null without the right to see it. */
export async function netnsInode({enter, pid}: Netns): Promise<number | null> {
	const path = `/proc/${pid}/ns/net`;
	const {door} = splitDoor(enter);
	const link = door.length > 0 ? (await runReader(door, ['readlink', path])).stdout.trim() : await readlink(path).catch(() => '');
	return /^net:\[\d+\]$/.test(link) ? Number(link.slice(5, -1)) : null;
}

/**
 * Whether a process is for certain in another network namespace than that of this file, where an engine keeps a container's (bound from nsfs, namespaces(7)).
 * Where dockerd has mounts of its own the file is there and holds none: then nothing is said.
 */
export async function isElsewhere(pid: number, file: string): Promise<boolean> {
	const [own, kept] = await Promise.all([`/proc/${pid}/ns/net`, file].map(path => stat(path).catch(() => null)));
	return own != null && kept != null && own.dev === kept.dev && own.ino !== kept.ino;
}
