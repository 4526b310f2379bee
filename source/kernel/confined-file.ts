import {close, constants, fstat, open, read, readlink, type Stats} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import type {Gap, Group} from '../model/index.js';
import {turns} from '../process/turns.js';
import {cleanLines} from '../text/clean-lines.js';
import {malformed, noRight} from './program.js';

/**
 * The texts of files below a root that others control (/proc/PID/root of a container), as those inside see them: symbolic links,
 * absolute ones too, are resolved within the root. Nothing outside of it is opened, whatever is swapped meanwhile: each step is
 * opened from the one before (openat(2)) and never follows a link by itself. A file that does not exist reads as "". Devices
 * and pipes are refused unopened; at most 4 MiB and 2 seconds. What several of them have on their way is opened once.
 */
export function readConfined(root: string, paths: readonly string[]): Promise<Group<string>[]> {
	return inTurn(() => readNow(root, paths));
}

/** The seconds of one root do not pass while all the others are being read: there are four threads for files. */
const inTurn = turns(8);

async function readNow(root: string, paths: readonly string[]): Promise<Group<string>[]> {
	const places = placesBelow(root);
	const reads = paths.map(path => readWithin(places, root, path));
	let isDone = false;
	void Promise.all(reads).then(() => {
		isDone = true;
		places.close();
	});
	const late = (async () => {
		// Seconds in which an answer could be taken: one that is there does not come late because this process itself was busy.
		for (let tenth = 0; tenth < 20 && !isDone; tenth++) await sleep(100, undefined, {ref: false});
		return null;
	})();
	return Promise.all(
		reads.map(async (read, index) => {
			const group = await Promise.race([read, late]);
			return group ?? {read: false, gap: malformed(`${root}${paths[index]}`, 'no answer within 2 seconds')};
		}),
	);
}

async function readWithin(places: Places, root: string, path: string): Promise<Group<string>> {
	const source = `${root}${path}`;
	try {
		const found = await walk(places, path);
		const text = found === null ? '' : await readRegular(found);
		return {read: true, value: cleanLines(text), source, command: `cat ${source}`};
	} catch (error) {
		return {read: false, gap: whyNot(path, source, error)};
	}
}

/** A place in the file system, open (O_PATH of open(2)). Plain numbers: hundreds of containers have three files each. */
interface Place {
	fd: number;
	stats: Stats;
}

interface Places {
	base: Promise<Place>;
	/** The open place of a name in a folder, which may be a symbolic link; null where there is none. Opened once, however often it is asked for. */
	below(folder: Place, name: string): Promise<Place | null>;
	close(): void;
}

function placesBelow(root: string): Places {
	const fds: number[] = [];
	const known = new Map<string, Promise<Place | null>>();
	const enter = async (path: string, flags: number): Promise<Place> => {
		const fd = await opened(path, oPath | flags);
		fds.push(fd);
		return {fd, stats: await statsOf(fd)};
	};
	return {
		base: enter(root, constants.O_DIRECTORY),
		below({fd}, name) {
			const path = inside(fd, name);
			const place = known.get(path) ?? enter(path, constants.O_NOFOLLOW).catch(absent);
			known.set(path, place);
			return place;
		},
		close() {
			for (const fd of fds) close(fd, () => {});
		},
	};
}

/** The open place that the path names, or null where there is none. Places that were passed stay open, for "..". */
async function walk(places: Places, path: string): Promise<Place | null> {
	const base = await places.base;
	let here = [base];
	const rest = path.split('/').reverse();
	let links = 0;
	while (rest.length > 0) {
		const name = rest.pop() as string;
		if (name === '' || name === '.') continue;
		if (name === '..') {
			if (here.length > 1) here.pop();
			continue;
		}
		const folder = here.at(-1) ?? base;
		const place = await places.below(folder, name);
		if (place === null) return null;
		if (!place.stats.isSymbolicLink()) {
			here.push(place);
			continue;
		}
		if (++links > 40) throw new Error('too many symbolic links');
		const target = await targetOf(inside(folder.fd, name));
		if (target.startsWith('/')) here = [base];
		rest.push(...target.split('/').reverse());
	}
	return here.at(-1) ?? null;
}

function inside(fd: number, name: string): string {
	return `/proc/self/fd/${fd}/${name}`;
}

/** Opened anew through its own descriptor, so that it is the very file that was looked at. */
async function readRegular({fd, stats}: Place): Promise<string> {
	if (!stats.isFile()) throw new Error('not a regular file');
	if (stats.size > limit) throw new Error('larger than 4 MiB');
	const file = await opened(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		// Files of /proc and the like give their size as 0.
		const room = stats.size || 65_536;
		const {bytesRead, buffer} = await bytesOf(file, Buffer.allocUnsafe(room), 0, room, 0);
		return buffer.toString('utf8', 0, bytesRead);
	} finally {
		close(file, () => {});
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

const [opened, statsOf, bytesOf, targetOf] = [promisify(open), promisify(fstat), promisify(read), promisify(readlink)];
/** O_PATH of open(2): a place in the file system, not its content. Node does not name it; the number is that of every Linux but alpha, parisc and sparc. */
const oPath = 0o10000000;
const limit = 4 * 1024 * 1024;
