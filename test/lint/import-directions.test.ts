import {copyFile, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {beforeAll, expect, test} from 'vitest';
import {run} from '../../source/process/run.js';

/** Room of the file, what it imports, whether the rule forbids it. */
const cases: [folder: string, module: string, forbidden: boolean][] = [
	['model', '../path/explain.js', true],
	['kernel', '../snapshot/netns.js', true],
	['netfilter/nft', '../../path/explain.js', true],
	['path', '../kernel/links.js', true],
	['path', 'node:fs', true],
	['path', '../process/run.js', true],
	['diagnosis', '../rows/hops.js', true],
	['rows/words', '../../engine/index.js', true],
	['rows', 'ink', true],
	['session', '../rows/hops.js', true],
	['commands', '../ui/start.js', true],
	['commands', 'react', true],
	['ui/panes', '../../kernel/links.js', true],
	['ui', '../commands/flow.js', true],
	['ui/lines', '../../probe/probe.js', true],
	['ui/lines', '../../probe/command.js', false],
	['path', 'node:net', false],
	['path', '../netfilter/types.js', false],
	['kernel', 'node:fs', false],
	['rows', '../path/explanation.js', false],
	['session', '../kernel/links.js', false],
	['ui', 'ink', false],
	['ui/panes', '../../rows/probes.js', false],
];
let report = '';

/** Lints a file of two lines for every case with the project's own configuration, all in one run. */
beforeAll(async () => {
	const root = resolve(import.meta.dirname, '../..');
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-lint-'));
	await copyFile(join(root, 'biome.json'), join(folder, 'biome.json'));
	for (const [index, [room, module]] of cases.entries()) {
		await mkdir(join(folder, 'source', room), {recursive: true});
		await writeFile(join(folder, 'source', room, `case${index}.ts`), `import {thing} from '${module}';\nexport const used = thing;\n`);
	}
	const biome = join(root, 'node_modules/.bin/biome');
	const ran = await run([biome, 'lint', '--reporter=json', '--max-diagnostics=none', `--config-path=${folder}`, folder]);
	await rm(folder, {recursive: true});
	report = ran.stdout;
});

test.each(cases.map((one, index) => ({index, room: one[0], module: one[1], forbidden: one[2]})))(
	'$room imports $module: forbidden $forbidden',
	({index, forbidden}) => {
		const {diagnostics} = JSON.parse(report) as {diagnostics: {category: string; location: {path: string | {file: string}}}[]};
		const found = diagnostics.filter(({location}) => JSON.stringify(location.path).includes(`case${index}.ts`));
		expect(found.map(({category}) => category)).toEqual(forbidden ? ['lint/style/noRestrictedImports'] : []);
	},
);
