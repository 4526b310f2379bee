import {readFile} from 'node:fs/promises';
import type {Group, ResolverFiles} from '../model/index.js';
import {cleanLines} from '../text/clean-lines.js';
import {readConfined} from './confined-file.js';
import {malformed, noRight} from './program.js';

/** The files by which this host's C library finds addresses (hosts(5), resolv.conf(5), nsswitch.conf(5)). */
export async function readHostResolver(): Promise<ResolverFiles> {
	const [hosts, resolvConf, nsswitch] = await Promise.all(paths.map(readOwn));
	return {hosts, resolvConf, nsswitch} as ResolverFiles;
}

/**
 * The same files as a process (by its pid here) sees them in its own mount namespace. That is for root: without, the engine copies them
 * (`copy`), who sees the container's files and mounts as it made them.
 */
export async function readResolver(pid: number, copy: CopyFile | null): Promise<ResolverFiles> {
	const seen = await readConfined(`/proc/${pid}/root`, paths);
	const copied = async (group: Group<string>, index: number) => {
		if (group.read || group.gap.id !== 'no-permission' || copy === null) return group;
		const copied = await copy(paths[index] ?? '');
		return copied.read ? {...copied, value: cleanLines(copied.value)} : group;
	};
	const [hosts, resolvConf, nsswitch] = await Promise.all(seen.map(copied));
	return {hosts, resolvConf, nsswitch} as ResolverFiles;
}

/** The text of a file in a container, by the engine; one that does not exist is "". */
export type CopyFile = (path: string) => Promise<Group<string>>;

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
