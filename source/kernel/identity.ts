import {statSync} from 'node:fs';
import {readlink} from 'node:fs/promises';

/** A network namespace to read. */
export interface Netns {
	/** Arguments in front of each program that is to run in it; empty for our own. */
	enter: readonly string[];
	/** A process in it, by which /proc shows it. */
	pid: number | 'self';
}

/** The namespace of a process, which its programs enter by nsenter(1). */
export function netnsAt(pid: number): Netns {
	return {enter: ['nsenter', '-t', String(pid), '-n'], pid};
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
export async function netnsInode(pid: number | 'self'): Promise<number | null> {
	const link = await readlink(`/proc/${pid}/ns/net`).catch(() => '');
	return /^net:\[\d+\]$/.test(link) ? Number(link.slice(5, -1)) : null;
}
