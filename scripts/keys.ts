import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

/**
 * Writes the table of the explorer's keys between the markers of README.md, from the same records as the footer and the help. With
 * --check it writes nothing and ends with 1 where the table differs.
 */
const readme = fileURLToPath(new URL('../README.md', import.meta.url));
const text = await readFile(readme, 'utf8');
const table = await keysTable();
const wanted = text.replace(/<!-- keys -->[\s\S]*<!-- \/keys -->/, () => `<!-- keys -->\n${table}\n<!-- /keys -->`);
if (!text.includes('<!-- keys -->') || !text.includes('<!-- /keys -->')) {
	console.error('keys: README.md has no markers <!-- keys --> and <!-- /keys -->');
	process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
	if (wanted !== text) await writeFile(readme, wanted);
} else if (wanted !== text) {
	console.error('keys: run node scripts/keys.ts; the table in README.md differs from the keys');
	process.exitCode = 1;
}

/** The sources are bundled first, because they import each other as the bundler resolves it. */
async function keysTable(): Promise<string> {
	const entry = fileURLToPath(new URL('../source/ui/keys/bindings.ts', import.meta.url));
	const {outputFiles} = await build({entryPoints: [entry], bundle: true, write: false, format: 'esm', platform: 'node', target: 'node22'});
	const {bindings}: typeof import('../source/ui/keys/bindings.ts') = await import(
		`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
	);
	const rows = bindings.map(({shown, words}) => {
		const keys = shown.split(' ').map(key => `\`${key}\``);
		return `| ${keys.join(' ')} | ${words.replaceAll('|', '\\|')} |`;
	});
	return ['| key | what it does |', '|---|---|', ...rows].join('\n');
}
