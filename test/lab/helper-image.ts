import {mkdir, readdir, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {place, placeWithLibraries} from './images.ts';
import type {Lab} from './lab.ts';
import {findProgram} from './packages.ts';

/** What `--helper` uses of an image. */
const programs = [
	...['sh', 'cat', 'ls', 'sleep', 'readlink', 'grep', 'ip', 'bridge', 'ss', 'tc', 'nft', 'ipset', 'conntrack', 'tcpdump', 'nsenter'],
	...['iptables-nft-save', 'ip6tables-nft-save', 'iptables-legacy-save', 'ip6tables-legacy-save', 'unshare', 'mount', 'curl'],
];

/** Gives the lab's engine an image with these programs of this machine, by the name that comes back; `without`: some of them left out. */
export async function helperImage(lab: Lab, name = 'toolbox', without: readonly string[] = []): Promise<string> {
	const root = join(lab.folder, 'images', name);
	for (const program of programs.filter(one => !without.includes(one))) {
		const path = findProgram(program);
		if (path === null) throw new Error(`${program} is not installed`);
		await placeWithLibraries(root, path, lab.journal);
	}
	await place(findProgram('busybox') ?? '', join(root, 'usr/bin/nslookup'));
	await mkdir(join(root, 'bin'), {recursive: true});
	await symlink('../usr/bin/sh', join(root, 'bin/sh')).catch(() => {});
	await placeExtensions(root);
	const files = {'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', 'etc/nsswitch.conf': 'hosts: files dns\n'};
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(root, path)), {recursive: true});
		await writeFile(join(root, path), text);
	}
	for (const empty of ['proc', 'sys', 'dev', 'run', 'tmp']) await mkdir(join(root, empty), {recursive: true});
	await lab.host(['tar', '-C', root, '-cf', `${root}.tar`, '.']);
	await lab.docker('import', `${root}.tar`, name);
	return name;
}

/** iptables loads each of its matches and targets from a folder of its own; the C library the sources of names. */
async function placeExtensions(root: string): Promise<void> {
	const library = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
	for (const file of await readdir(`${library}/xtables`)) await place(`${library}/xtables/${file}`, `${root}${library}/xtables/${file}`);
	for (const file of await readdir(library)) if (file.startsWith('libnss_')) await place(`${library}/${file}`, `${root}${library}/${file}`);
}
