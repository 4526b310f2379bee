import {readlink, stat} from 'node:fs/promises';

/**
 * Which network namespace a process is in, as a number that is equal for equal namespaces; null where the process cannot be
 * seen. It is the inode of /proc/PID/net/dev, which the kernel allots once per namespace (fs/proc/generic.c, proc_net_ns_init)
 * and shows to everybody, while /proc/PID/ns/net of other users' processes needs root.
 */
export async function netnsOf(pid: number | 'self'): Promise<number | null> {
	return stat(`/proc/${pid}/net/dev`).then(
		({ino}) => ino,
		() => null,
	);
}

/** Inode of the namespace as /proc/PID/ns/net (namespaces(7)) and `lsns -t net` show it; null without the right to see it. */
export async function netnsInode(pid: number | 'self'): Promise<number | null> {
	const link = await readlink(`/proc/${pid}/ns/net`).catch(() => '');
	return /^net:\[\d+\]$/.test(link) ? Number(link.slice(5, -1)) : null;
}
