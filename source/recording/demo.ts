import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/**
 * Text of the bundled recording: inside dockhop as one executable, else in the folder demo/ beside dist/ or beside source/. null where
 * the package was taken apart.
 */
export async function demoText(): Promise<string | null> {
	const sea = process.getBuiltinModule('node:sea');
	if (sea.isSea()) return sea.getAsset('demo.json', 'utf8');
	const path = demoPath();
	return path === null ? null : readFile(path, 'utf8');
}

function demoPath(): string | null {
	let folder = dirname(fileURLToPath(import.meta.url));
	for (let level = 0; level < 4; level++) {
		const path = join(folder, 'demo', 'demo.json');
		if (existsSync(path)) return path;
		folder = dirname(folder);
	}
	return null;
}
