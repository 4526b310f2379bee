import {constants} from 'node:fs';
import {type FileHandle, open, readlink} from 'node:fs/promises';
import type {Gap, Group} from '../model/index.js';
import {cleanLines} from '../text/clean-lines.js';
import {malformed, noRight} from './program.js';

/**
 * The text of a file below a root that others control (/proc/PID/root of a container), as those inside see it: symbolic links,
 * absolute ones too, are resolved within the root. Nothing outside of it is opened, whatever is swapped meanwhile: each step is
 * opened from the one before (openat(2)) and never follows a link by itself. A file that does not exist reads as "". Devices
 * and pipes are refused unopened; at most 4 MiB and 2 seconds.
 */
export async function readConfined(root: string, path: string, command: string): Promise<Group<string>> {
	const source = `${root}${path}`;
	const late = new Promise<Group<string>>(resolve => {
		setTimeout(() => resolve({read: false, gap: malformed(source, 'no answer within 2 seconds')}), 2000).unref();
	});
	return Promise.race([readWithin(root, path, source, command), late]);
}

async function readWithin(root: string, path: string, source: string, command: string): Promise<Group<string>> {
	const trail: FileHandle[] = [];
	try {
		const found = await walk(root, path, trail);
		const text = found === null ? '' : await readRegular(found);
		return {read: true, value: cleanLines(text), source, command};
	} catch (error) {
		return {read: false, gap: whyNot(path, source, error)};
	} finally {
		await Promise.all(trail.map(handle => handle.close().catch(() => {})));
	}
}

/** The open place that the path names, or null where there is none. `trail` keeps every place on the way, for "..", and to close. */
async function walk(root: string, path: string, trail: FileHandle[]): Promise<FileHandle | null> {
	const base = await open(root, oPath | constants.O_DIRECTORY);
	trail.push(base);
	let here: FileHandle[] = [base];
	const rest = path.split('/').reverse();
	let links = 0;
	while (rest.length > 0) {
		const name = rest.pop() as string;
		if (name === '' || name === '.') continue;
		if (name === '..') {
			if (here.length > 1) here.pop();
			continue;
		}
		const next = `/proc/self/fd/${here.at(-1)?.fd}/${name}`;
		const handle = await open(next, oPath | constants.O_NOFOLLOW).catch(absent);
		if (handle === null) return null;
		trail.push(handle);
		if (!(await handle.stat()).isSymbolicLink()) {
			here.push(handle);
			continue;
		}
		if (++links > 40) throw new Error('too many symbolic links');
		const target = await readlink(next);
		if (target.startsWith('/')) here = [base];
		rest.push(...target.split('/').reverse());
	}
	return here.at(-1) ?? null;
}

/** Opened anew through its own handle, so that it is the very file that was looked at. */
async function readRegular(place: FileHandle): Promise<string> {
	const facts = await place.stat();
	if (!facts.isFile()) throw new Error('not a regular file');
	if (facts.size > limit) throw new Error('larger than 4 MiB');
	const file = await open(`/proc/self/fd/${place.fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		// Files of /proc and the like give their size as 0.
		const room = Math.max(facts.size, 65_536);
		const {bytesRead, buffer} = await file.read(Buffer.alloc(room), 0, room, 0);
		return buffer.toString('utf8', 0, bytesRead);
	} finally {
		await file.close();
	}
}

function absent(error: NodeJS.ErrnoException): null {
	if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
	throw error;
}

/** Refused, it is the same for all containers, and is said in the same words. */
function whyNot(path: string, source: string, error: unknown): Gap {
	const {code} = error as NodeJS.ErrnoException;
	return code === 'EACCES' || code === 'EPERM' ? noRight(`${path} inside a container`) : malformed(source, error);
}

/** O_PATH of open(2): a place in the file system, not its content. Node does not name it; the number is that of every Linux but alpha, parisc and sparc. */
const oPath = 0o10000000;
const limit = 4 * 1024 * 1024;
