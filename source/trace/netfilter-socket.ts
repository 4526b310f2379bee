import {readdir, readFile, readlink} from 'node:fs/promises';

/** The multicast groups of netfilter's netlink (linux/netfilter/nfnetlink.h), as bits: those of conntrack's events NEW and UPDATE, that of nft's trace. */
export const groupsOf = {conntrack: 0b011, trace: 1 << 8};

/** hears: there is a socket, and from now on it misses no event. waiting: bytes that the kernel has put into it and that nobody has read yet. */
export interface Ears {
	hears: boolean;
	waiting: number;
}

/**
 * Gives the way to look at the sockets of netfilter's netlink (protocol 12) by which a program hears these groups in the namespace of the process
 * `pid`: the program's own ones. Where it is not a process of ours (-1: it runs in a helper container), those are taken for its own that were not there
 * when this was called.
 */
export async function netfilterSockets(pid: number | 'self', groups: number): Promise<(program: number) => Promise<Ears>> {
	const before = new Set((await socketsFor(pid, groups)).map(({inode}) => inode));
	return async program => {
		const own = program === -1 ? null : await inodesOf(program);
		const found = (await socketsFor(pid, groups)).filter(({inode}) => (own === null ? !before.has(inode) : own.has(inode)));
		return {hears: found.length > 0, waiting: found.reduce((sum, {waiting}) => sum + waiting, 0)};
	};
}

/** Of the whole namespace: sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode. */
async function socketsFor(pid: number | 'self', groups: number): Promise<{inode: string; waiting: number}[]> {
	const text = await readFile(`/proc/${pid}/net/netlink`, 'utf8').catch(() => '');
	return text.split('\n').flatMap(line => {
		const [, protocol, , joined, waiting, ...rest] = line.trim().split(/\s+/);
		const hears = protocol === '12' && (Number.parseInt(joined ?? '0', 16) & groups) === groups;
		return hears ? [{inode: rest.at(-1) ?? '', waiting: Number(waiting)}] : [];
	});
}

/** Inodes of the sockets of a process. */
async function inodesOf(pid: number): Promise<Set<string>> {
	const folder = `/proc/${pid}/fd`;
	const fds = await readdir(folder).catch(() => []);
	const links = await Promise.all(fds.map(fd => readlink(`${folder}/${fd}`).catch(() => '')));
	return new Set(links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
