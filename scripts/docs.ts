import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

/**
 * Writes the pages of docs/{hops,drivers,causes,unknowns}/ from the words of `dockhop explain`, so that they never differ.
 * With --check it writes nothing and ends with 1 where a page is missing, old or left over.
 */
const docs = fileURLToPath(new URL('../docs', import.meta.url));
const check = process.argv.includes('--check');
const pages = await pagesFromWords();
const wrong: string[] = [];
for (const [name, text] of pages) {
	const file = join(docs, name);
	if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
	wrong.push(name);
	if (check) continue;
	await mkdir(dirname(file), {recursive: true});
	await writeFile(file, text);
}
for (const shelf of new Set([...pages.keys()].map(dirname).filter(shelf => shelf !== '.'))) {
	for (const name of await readdir(join(docs, shelf)).catch(() => [])) {
		if (pages.has(join(shelf, name))) continue;
		wrong.push(join(shelf, name));
		if (!check) await rm(join(docs, shelf, name));
	}
}
if (check && wrong.length > 0) {
	console.error(`docs: run node scripts/docs.ts; these pages differ from the words: ${wrong.join(', ')}`);
	process.exitCode = 1;
}

/** File below docs/ → text. The sources are bundled first, because they import each other as the bundler resolves it. */
async function pagesFromWords(): Promise<Map<string, string>> {
	const entry = fileURLToPath(new URL('../source/rows/words/explain.ts', import.meta.url));
	const {outputFiles} = await build({entryPoints: [entry], bundle: true, write: false, format: 'esm', platform: 'node', target: 'node22'});
	const words: typeof import('../source/rows/words/explain.ts') = await import(
		`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
	);
	const everything = words.everythingExplained();
	const contents = Object.entries(words.shelfWords).map(([shelf, title]) => {
		const items = everything.filter(one => one.shelf === shelf).map(({id, entry}) => `* [${id}](${shelf}/${id}.md): ${entry.title}`);
		return `## ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${items.join('\n')}\n`;
	});
	const index = `# What dockhop explains\n\nThe same words as \`dockhop explain NAME\`.\n\n${contents.join('\n')}`;
	return new Map([['index.md', index], ...everything.map(one => [`${one.shelf}/${one.id}.md`, words.entryPage(one)] as const)]);
}
