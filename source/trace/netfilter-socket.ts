import {readdir, readFile, readlink} from 'node:fs/promises';

/**
 * The sockets of netfilter's netlink (protocol 12) that a process has and that joined a multicast group. hears: there is one, and from then
 * on it misses no event. waiting: bytes that the kernel has put into them and that the process has not read yet.
 */
export async function netfilterSocket(pid: number): Promise<{hears: boolean; waiting: number}> {
	const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
	const links = await Promise.all(fds.map(fd => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
	const own = new Set(links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
	// The sockets of the process's own network namespace: sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode.
	const text = await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => '');
	const sockets = text.split('\n').flatMap(line => {
		const [, protocol, , groups, waiting, ...rest] = line.trim().split(/\s+/);
		const joined = protocol === '12' && Number.parseInt(groups ?? '0', 16) !== 0 && own.has(rest.at(-1) ?? '');
		return joined ? [Number(waiting)] : [];
	});
	return {hears: sockets.length > 0, waiting: sockets.reduce((sum, bytes) => sum + bytes, 0)};
}
