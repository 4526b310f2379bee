import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {settings} from '../build.ts';

/** What a source file exports, below source/. It is bundled first, because the sources import each other as the bundler resolves them. */
export function load<T>(file: string): Promise<T> {
	const found = loaded.get(file) ?? bundled(file);
	loaded.set(file, found);
	return found as Promise<T>;
}

async function bundled(file: string): Promise<unknown> {
	const {outputFiles} = await build({...settings, entryPoints: [`source/${file}`], outdir: 'dist', metafile: false, splitting: false});
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-docs-'));
	try {
		const source = join(folder, 'source.mjs');
		await writeFile(source, outputFiles[0]?.contents ?? '');
		return await import(pathToFileURL(source).href);
	} finally {
		await rm(folder, {recursive: true});
	}
}

const loaded = new Map<string, Promise<unknown>>();
