import {chmod, copyFile, mkdir, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Journal} from './journal.ts';
import {findProgram} from './packages.ts';

/**
 * Makes the images that every lab has, below `folder`, and gives their names and tar files for `docker import` (no registry):
 * busybox: shell, httpd, nc, wget, ip, … and tiny; curl: the same and curl; nocurl: a shell, but neither curl nor wget nor nc;
 * tiny: the one static binary /tiny and nothing else ("scratch" itself is a name that the engine reserves).
 */
export async function buildImages(folder: string, journal: Journal): Promise<{name: string; tar: string}[]> {
	const tiny = join(folder, 'tiny.bin');
	await mkdir(folder, {recursive: true});
	await journal.run(['cc', '-static', '-O1', '-o', tiny, join(import.meta.dirname, 'tiny.c')]);
	const roots = {
		busybox: async (root: string) => withShell(root, tiny, await applets(journal)),
		curl: async (root: string) => {
			await withShell(root, tiny, await applets(journal));
			await withCurl(root, journal);
		},
		nocurl: (root: string) => withShell(root, tiny, ['sh', 'cat', 'ls', 'ps', 'sleep', 'kill', 'ip', 'hostname']),
		tiny: (root: string) => place(tiny, join(root, 'tiny')),
	};
	const images: {name: string; tar: string}[] = [];
	for (const [name, fill] of Object.entries(roots)) {
		const root = join(folder, name);
		const tar = `${root}.tar`;
		await mkdir(root, {recursive: true});
		await fill(root);
		await journal.run(['tar', '-C', root, '-cf', tar, '.']);
		images.push({name, tar});
	}
	return images;
}

async function withShell(root: string, tiny: string, commands: readonly string[]): Promise<void> {
	const busybox = findProgram('busybox');
	if (busybox === null) throw new Error('busybox is not installed');
	await place(busybox, join(root, 'bin/busybox'));
	await place(tiny, join(root, 'bin/tiny'));
	for (const command of commands) await symlink('busybox', join(root, 'bin', command));
	const files = {
		'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
		'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
		'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
		'www/index.html': 'hello\n',
	};
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(root, path)), {recursive: true});
		await writeFile(join(root, path), text);
	}
	for (const empty of ['tmp', 'root', 'proc', 'sys', 'dev']) await mkdir(join(root, empty), {recursive: true});
}

async function withCurl(root: string, journal: Journal): Promise<void> {
	const curl = findProgram('curl');
	if (curl === null) throw new Error('curl is not installed');
	await placeWithLibraries(root, curl, journal);
	await symlink(curl, join(root, 'bin/curl'));
}

/** A program of this machine with the libraries that the loader finds for it here, all at the same paths. A static one has none. */
export async function placeWithLibraries(root: string, path: string, journal: Journal): Promise<void> {
	const {stdout} = await journal.run(['ldd', path], {mayFail: true});
	// "libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)", and the loader itself without an arrow
	const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(match => match[1] as string);
	await place(path, join(root, path));
	for (const library of libraries) await place(library, join(root, library));
}

async function applets(journal: Journal): Promise<string[]> {
	const {stdout} = await journal.run(['busybox', '--list']);
	return stdout.split('\n').filter(name => name !== '' && name !== 'busybox');
}

export async function place(from: string, to: string): Promise<void> {
	await mkdir(dirname(to), {recursive: true});
	await copyFile(from, to);
	await chmod(to, 0o755);
}
