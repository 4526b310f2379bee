import {readFile} from 'node:fs/promises';
import type {Gap, Group, ResolverFiles} from '../model/index.js';
import {cleanLines} from '../text/clean-lines.js';
import {readConfined} from './confined-file.js';
import {malformed, noRight} from './program.js';

/** The files by which this host's C library finds addresses (hosts(5), resolv.conf(5), nsswitch.conf(5)). */
export async function readHostResolver(): Promise<ResolverFiles> {
	const [hosts, resolvConf, nsswitch] = await Promise.all(paths.map(readOwn));
	return {hosts, resolvConf, nsswitch} as ResolverFiles;
}

/**
 * The same files as a process (by its pid here) sees them in its own mount namespace. Without root the engine's own copies
 * (`fallback`: HostsPath, ResolvConfPath of the container) are tried; nsswitch.conf then is a gap.
 */
export async function readResolver(pid: number, fallback: {hosts: string | null; resolvConf: string | null}): Promise<ResolverFiles> {
	const seen = (path: string) => readConfined(`/proc/${pid}/root`, path, `cat /proc/${pid}/root${path}`);
	const copy = async (path: string, own: string | null) => {
		const group = await seen(path);
		if (group.read || own === null) return group;
		const file = await readOwn(own);
		return file.read && file.value !== '' ? file : group;
	};
	const [hosts, resolvConf, nsswitch] = await Promise.all([
		copy('/etc/hosts', fallback.hosts),
		copy('/etc/resolv.conf', fallback.resolvConf),
		seen('/etc/nsswitch.conf'),
	]);
	return {hosts, resolvConf, nsswitch};
}

/** All three unread for one reason. */
export function resolverGaps(gap: Gap): ResolverFiles {
	const group = {read: false as const, gap};
	return {hosts: group, resolvConf: group, nsswitch: group};
}

/** A file of this host. One that does not exist reads as "". */
async function readOwn(path: string): Promise<Group<string>> {
	try {
		return {read: true, value: cleanLines(await readFile(path, 'utf8')), source: path, command: `cat ${path}`};
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return {read: true, value: '', source: path, command: `cat ${path}`};
		return {read: false, gap: code === 'EACCES' ? noRight(path) : malformed(path, error)};
	}
}

const paths = ['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf'];
