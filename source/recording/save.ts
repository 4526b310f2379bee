import {open, realpath, rename, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Snapshot} from '../model/index.js';
import {redact} from './redact.js';

/**
 * Writes a snapshot as a recording: pretty JSON, readable by its owner alone, over a file of that name as curl -o does. A file is
 * whole or not there: it is written beside its place and then moved. Rejects with the file system's error.
 */
export async function save(snapshot: Snapshot, path: string): Promise<void> {
	const text = `${JSON.stringify(redact(snapshot), null, '\t')}\n`;
	// A link keeps pointing at its file; a device or pipe (/dev/stdout) is written to and never replaced.
	const place = await realpath(path).catch(() => path);
	const found = await stat(place).catch(() => null);
	if (found && !found.isFile()) return writeFile(place, text);
	const beside = `${place}.${crypto.randomUUID()}.part`;
	try {
		const file = await open(beside, 'wx', 0o600);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(beside, place);
	} catch (error) {
		await rm(beside, {force: true});
		throw error;
	}
}

/**
 * The same in a file of its own: `NAME.json` in the folder, or where that is taken already, whatever it is, `NAME-2.json` and so on. Gives its
 * path. Rejects with the file system's error.
 */
export async function saveNew(snapshot: Snapshot, folder: string, name: string): Promise<string> {
	for (let number = 1; ; number++) {
		const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}.json`);
		try {
			// Taken by this program alone, in one step: nothing that is there is followed or replaced (open(2), O_EXCL).
			await (await open(path, 'wx', 0o600)).close();
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EEXIST' && number < most) continue;
			throw error;
		}
		try {
			await save(snapshot, path);
			return path;
		} catch (error) {
			await rm(path, {force: true});
			throw error;
		}
	}
}

const most = 1000;
