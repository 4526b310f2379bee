import type {Group} from '../model/index.js';
import {clean} from '../text/clean.js';
import type {EngineClient} from './connect.js';

/**
 * The text of a file in a container as the engine sees it (GET /containers/ID/archive, what `docker cp` asks): below the container's own root and
 * mounts, symbolic links of it included. One that does not exist reads as "". At most 4 MiB. Never rejects.
 */
export async function copyFile(client: EngineClient, containerId: string, path: string): Promise<Group<string>> {
	const command = `docker cp ${containerId.slice(0, 12)}:${path} - | tar -xO`;
	const found = (value: string) => ({read: true as const, value, source: `the engine's copy of ${path}`, command});
	try {
		let at = path;
		for (let links = 0; links < 10; links++) {
			const entry = await firstEntry(client, containerId, at);
			if (!('link' in entry)) return found(entry.text);
			at = entry.link.startsWith('/') ? entry.link : `${at.slice(0, at.lastIndexOf('/'))}/${entry.link}`;
		}
		throw new Error('too many symbolic links');
	} catch (error) {
		if ((error as {statusCode?: number}).statusCode === 404) return found('');
		const why = error instanceof Error ? error.message : String(error);
		return {read: false, gap: {id: 'read-failed', why: `the engine did not copy ${path}: ${clean(why, 160)}`, tell: command}};
	}
}

async function firstEntry(client: EngineClient, containerId: string, path: string): Promise<{text: string} | {link: string}> {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), 5000);
	const asked = client.docker.getContainer(containerId).getArchive({path, abortSignal: stop.signal} as {path: string});
	try {
		const stream = await asked;
		const chunks: Buffer[] = [];
		let bytes = 0;
		for await (const chunk of stream) {
			chunks.push(chunk as Buffer);
			bytes += (chunk as Buffer).length;
			if (bytes > limit) throw new Error('larger than 4 MiB');
		}
		return untar(Buffer.concat(chunks));
	} finally {
		clearTimeout(timer);
		stop.abort();
	}
}

/** The first entry of a tar archive (POSIX ustar): name 100 bytes, size as octal digits at 124, type at 156, link name at 157; then the content. */
export function untar(archive: Buffer): {text: string} | {link: string} {
	const field = (from: number, length: number) => archive.toString('utf8', from, from + length).replace(/\0.*$/s, '');
	const type = field(156, 1);
	if (type === '2') return {link: field(157, 100)};
	const size = Number.parseInt(field(124, 12).trim(), 8);
	if ((type !== '0' && type !== '') || !(size >= 0) || archive.length < 512 + size) throw new Error('not a regular file');
	return {text: archive.toString('utf8', 512, 512 + size)};
}

const limit = 4 * 1024 * 1024;
