import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The bundled recording: in the folder demo/ beside dist/ or beside source/. null where the package was taken apart. */
export function demoPath(): string | null {
	let folder = dirname(fileURLToPath(import.meta.url));
	for (let level = 0; level < 4; level++) {
		const path = join(folder, 'demo', 'demo.json');
		if (existsSync(path)) return path;
		folder = dirname(folder);
	}
	return null;
}
