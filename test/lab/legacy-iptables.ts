import {mkdir, symlink} from 'node:fs/promises';
import {join} from 'node:path';

/** The one program that is all of iptables-legacy, by the name under which it is called (Debian). */
export const legacyPrograms = '/usr/sbin/xtables-legacy-multi';

/** Makes a folder for PATH in which iptables is iptables-legacy, whatever this machine's own is. */
export async function legacyFolder(parent: string): Promise<string> {
	const folder = join(parent, 'legacy');
	await mkdir(folder);
	const names = ['', '-save', '-restore'].flatMap(what => [`iptables${what}`, `ip6tables${what}`]);
	for (const name of names) await symlink(legacyPrograms, join(folder, name));
	return folder;
}
