import {readdir, readFile, readlink} from 'node:fs/promises';

/** Whether a process has a socket of netfilter's netlink (protocol 12) that has joined a multicast group: from then on it misses no event. */
export async function hearsNetfilter(pid: number): Promise<boolean> {
	const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
	const links = await Promise.all(fds.map(fd => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
	const own = new Set(links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
	// The sockets of the process's own network namespace; the last field is the inode.
	const text = await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => '');
	return text.split('\n').some(line => {
		const [, protocol, , groups, ...rest] = line.trim().split(/\s+/);
		return protocol === '12' && Number.parseInt(groups ?? '0', 16) !== 0 && own.has(rest.at(-1) ?? '');
	});
}
