/**
 * node scripts/docs.ts [--check]
 *
 * Writes the papers that are made from the program itself, so that they never differ from it: the pages of docs/, README's tables, the
 * man page, the completions. With --check it writes nothing and ends with 1 where one is missing, old or left over.
 */
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {definition} from './docs/definition.ts';
import {manPage} from './docs/man.ts';
import {readme} from './docs/readme.ts';
import {tourPage} from './docs/tour.ts';
import {wordPages} from './docs/words.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** File below the project → its text as it ought to be. `readmeText`: README.md as it is. */
export async function papers(readmeText: string): Promise<Map<string, string>> {
	const from = await definition();
	return new Map([
		...(await wordPages(JSON.parse(await readFile(join(root, 'docs/flows.json'), 'utf8')))),
		['docs/tour.md', `${tourPage().trimEnd()}\n`],
		['README.md', readme(readmeText, from)],
		['man/dockhop.1', manPage(from)],
		['completions/dockhop.bash', from.scripts.bash],
		['completions/_dockhop', from.scripts.zsh],
		['completions/dockhop.fish', from.scripts.fish],
	]);
}

/** Which of them are missing, old or left over below `folder`; with `mend` they are written, or removed. */
export async function differing(folder: string, mend: boolean): Promise<string[]> {
	const wanted = await papers(await readFile(join(folder, 'README.md'), 'utf8'));
	const wrong: string[] = [];
	for (const [name, text] of wanted) {
		const file = join(folder, name);
		if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
		wrong.push(name);
		if (!mend) continue;
		await mkdir(dirname(file), {recursive: true});
		await writeFile(file, text);
	}
	for (const shelf of new Set([...wanted.keys()].map(dirname).filter(shelf => !['.', 'docs'].includes(shelf)))) {
		for (const name of await readdir(join(folder, shelf)).catch(() => [])) {
			if (wanted.has(join(shelf, name))) continue;
			wrong.push(join(shelf, name));
			if (mend) await rm(join(folder, shelf, name));
		}
	}
	return wrong;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const check = process.argv.includes('--check');
	const wrong = await differing(root, !check);
	if (check && wrong.length > 0) {
		console.error(`docs: run node scripts/docs.ts; these differ from the program: ${wrong.join(', ')}`);
		process.exitCode = 1;
	}
}
