import {open} from 'node:fs/promises';
import type {Snapshot} from '../model/index.js';
import {clean} from '../text/clean.js';
import {cleanLines} from '../text/clean-lines.js';
import {snapshotShape} from './snapshot-shape.js';
import {mapStrings} from './strings.js';

/** A recording that cannot be used; the message is one line that says which and why. */
export class RecordingError extends Error {}

/**
 * Reads a recording, checks it field by field and makes every string in it harmless again, since it may come from anybody. Rejects
 * with RecordingError: not there, too large, no JSON, cut off, something else, or of a newer version.
 */
export async function load(path: string): Promise<Snapshot> {
	return parseRecording(await readText(path), path);
}

/** As `load`, for text that is at hand. */
export function parseRecording(text: string, path: string): Snapshot {
	const value = parseJson(text, path);
	const schema = schemaOf(value);
	if (schema === null) throw new RecordingError(`${path} is JSON, but no recording of dockhop`);
	const version = /^dockhop\.snapshot\/(\d+)$/.exec(schema)?.[1];
	if (version === undefined)
		throw new RecordingError(`${path} holds ${clean(schema, 60)}, which is no recording (dockhop record writes one)`);
	if (version !== '1') throw new RecordingError(`${path} was written by a newer dockhop (${clean(schema, 60)}): update dockhop to read it`);
	const cleaned = mapStrings(value, cleanLines) as Snapshot;
	const wrong = snapshotShape(cleaned, '');
	if (wrong) throw new RecordingError(`${path} is damaged: ${clean(wrong, 200)}`);
	return cleaned;
}

const largest = 256 * 1024 * 1024;

async function readText(path: string): Promise<string> {
	try {
		const file = await open(path, 'r');
		try {
			const found = await file.stat();
			if (found.isDirectory()) throw new RecordingError(`${path} is a folder, no recording`);
			if (found.size > largest)
				throw new RecordingError(`${path} has ${Math.round(found.size / 1024 / 1024)} MiB: recordings over 256 MiB are not read`);
			return await file.readFile('utf8');
		} finally {
			await file.close();
		}
	} catch (error) {
		if (error instanceof RecordingError) throw error;
		throw new RecordingError(
			`${path} cannot be read: ${reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? clean(String(error), 200)}`,
		);
	}
}

const reasons: Record<string, string> = {
	ENOENT: 'there is no such file',
	EACCES: 'permission denied',
	ENOTDIR: 'a part of its path is no folder',
};

/** What begins like JSON of ours and does not end was cut off. */
function parseJson(text: string, path: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		if (text.trim() === '') throw new RecordingError(`${path} is empty`);
		const cutOff = text.trimStart().startsWith('{') && text.includes('dockhop.snapshot/') && !text.trimEnd().endsWith('}');
		throw new RecordingError(cutOff ? `${path} is cut off: its end is missing` : `${path} is no JSON, so no recording of dockhop`);
	}
}

function schemaOf(value: unknown): string | null {
	const schema = (value as {schema?: unknown} | null)?.schema;
	return typeof schema === 'string' ? schema : null;
}
