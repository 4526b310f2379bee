import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {settings} from '../../scripts/build.js';
import {run} from '../../source/process/run.js';

const root = resolve(import.meta.dirname, '../..');
let folder = '';

/** A copy of the house with one new thing of every kind in it, put where docs/architecture.md says. */
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-house-'));
	for (const part of ['source', 'cli.tsx', 'package.json', 'demo']) await cp(join(root, part), join(folder, part), {recursive: true});
	await mkdir(join(folder, 'scripts'));
	for (const script of ['build.ts', 'plain-width.ts']) await cp(join(root, 'scripts', script), join(folder, 'scripts', script));
	await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
	const config = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8'));
	await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({...config, include: ['cli.tsx', 'source']}));
	for (const sample of samples) {
		for (const [file, text] of Object.entries(sample.write)) {
			await mkdir(dirname(join(folder, file)), {recursive: true});
			await writeFile(join(folder, file), text, {flag: 'wx'});
		}
		for (const [file, after, line] of sample.add) {
			const text = await readFile(join(folder, file), 'utf8');
			if (!text.includes(after)) throw new Error(`${file} has no ${after}`);
			await writeFile(join(folder, file), text.replace(after, `${after}\n${line}`));
		}
	}
});
afterAll(() => rm(folder, {recursive: true, force: true}));

/** New things by the first cell of their row: new files, and lines put behind others that stand in a file. */
const samples: {new: string; write: Record<string, string>; add: [file: string, after: string, line: string][]}[] = [
	{
		new: 'named fault',
		write: {
			'source/diagnosis/faults/sample.ts': `import type {Fault} from '../fault.js';
export const sample: Fault = {id: 'sample-fault', words: ${entry('a fault')}, onHost: () => []};
`,
		},
		add: [
			['source/diagnosis/faults.ts', 'export const faults: readonly Fault[] = [', 'sample,'],
			imported('source/diagnosis/faults.ts', "import {sample} from './faults/sample.js';"),
		],
	},
	{
		new: 'cause',
		write: {},
		add: [
			['source/rows/words/causes.ts', 'export const causeWords: Record<CauseId, Entry> = {', `'sample-cause': ${entry('a cause')},`],
			['source/model/cause.ts', 'export const causeIds = [', "'sample-cause',"],
			['source/diagnosis/remedies.ts', 'const remedies: Record<CauseId, (stop: Stop) => string> = {', "'sample-cause': () => 'mend it',"],
		],
	},
	{
		new: 'unknown',
		write: {},
		add: [
			[
				'source/rows/words/unknowns.ts',
				'export const unknownWords: Record<UnknownId, Entry> = {',
				`'sample-unknown': ${entry('an unknown')},`,
			],
			['source/model/unknown.ts', 'export const unknownIds = [', "'sample-unknown',"],
		],
	},
	{
		new: 'hop kind',
		write: {},
		add: [
			['source/rows/words/hop-kinds.ts', 'export const hopKindWords: Record<HopKind, Entry> = {', `'sample-hop': ${entry('a hop')},`],
			['source/model/path.ts', 'export const hopKinds = [', "'sample-hop',"],
		],
	},
	{
		new: 'network driver',
		write: {},
		add: [
			['source/rows/words/drivers.ts', 'export const driverWords: Record<', "'sample-driver' |"],
			['source/rows/words/drivers.ts', "'overlay', Entry> = {", `'sample-driver': ${entry('a driver')},`],
		],
	},
	{
		new: 'reader of the kernel',
		write: {
			'source/kernel/sample.ts': `import type {Group} from '../model/index.js';
import {readProgram} from './program.js';
export function readSample(enter: readonly string[]): Promise<Group<string>> { return readProgram(enter, ['ip', '-V'], text => text); }
`,
		},
		add: [
			imported('source/kernel/netns.ts', "import {readSample} from './sample.js';"),
			['source/kernel/netns.ts', 'neighbours: readNeighbours(enter),', 'sample: readSample(enter),'],
			['source/model/kernel.ts', 'neighbours: Group<Neighbour[]>;', 'sample: Group<string>;'],
			['source/recording/netns-shape.ts', 'neighbours: group(list(object<Neighbour>(neighbourFields))),', 'sample: group(text),'],
			['source/model/unread.ts', 'neighbours: group,', 'sample: group,'],
		],
	},
	{
		new: 'match of iptables',
		write: {
			'source/netfilter/xt/sample.ts': `import {condition} from '../condition.js';
import type {Match} from '../model.js';
export function sampleMatches(): Match[] { return [condition({words: 'a sample', test: () => true, has: () => ''})]; }
`,
		},
		add: [
			imported('source/netfilter/xt/matches.ts', "import {sampleMatches} from './sample.js';"),
			['source/netfilter/xt/matches.ts', 'const modules: Record<string, Module> = {', 'sample: sampleMatches,'],
		],
	},
	{
		new: 'expression of nftables',
		write: {
			'source/netfilter/nft/sample.ts': `import {name} from './datatypes.js';
import {type Expression, field} from './expression.js';
export function sampleExpression(): Expression { return field('a sample', name, () => ''); }
`,
		},
		add: [
			imported('source/netfilter/nft/expressions.ts', "import {sampleExpression} from './sample.js';"),
			[
				'source/netfilter/nft/expressions.ts',
				"if (kind === 'fib') return fibExpression(value);",
				"if (kind === 'sample') return sampleExpression();",
			],
		],
	},
	{
		new: 'command',
		write: {
			'source/commands/sample.ts': `import type {Command} from './command.js';
export const sample: Command = {name: 'sample', words: 'a sample', arguments: [], options: [], async run({output}) { output.lines(['a sample']); return 0; }};
`,
		},
		add: [
			imported('source/commands/index.ts', "import {sample} from './sample.js';"),
			['source/commands/index.ts', 'const working = [', 'sample,'],
		],
	},
	{
		new: 'key',
		write: {},
		add: [
			[
				'source/ui/keys/intent.ts',
				'const intents: Record<KeyAction, (state: State) => Intent> = {',
				"sample: () => [{type: 'modeChanged', mode: {kind: 'sample', top: 0}}],",
			],
			['source/ui/keys/bindings.ts', 'export type KeyAction =', "| 'sample'"],
			[
				'source/ui/keys/bindings.ts',
				'export const bindings: readonly Binding[] = [',
				"{keys: ['F1'], shown: 'F1', action: 'sample', words: 'a sample'},",
			],
		],
	},
	{
		new: 'screen of text over the panes',
		write: {
			'source/ui/lines/sample-lines.ts': `import {type Line, span} from './line.js';
export function sampleLines(): Line[] { return [[span('a sample')]]; }
`,
		},
		add: [
			imported('source/ui/lines/overlays.ts', "import {sampleLines} from './sample-lines.js';"),
			['source/ui/lines/overlays.ts', 'export const overlays = {', "sample: {title: 'Sample', lines: sampleLines},"],
		],
	},
];

test('every row of the table in docs/architecture.md has a sample, in the files that it names', async () => {
	const page = await readFile(join(root, 'docs/architecture.md'), 'utf8');
	const [, table = ''] = /\| new \| write \| add a line to \|\n\|[-|]+\|\n([\s\S]*?)\n\n/.exec(page) ?? [];
	const rows = table.split('\n').map(line => line.split('|').map(cell => cell.trim()));
	expect(rows.map(([, what]) => what)).toEqual(samples.map(sample => sample.new));
	for (const [, what, write = '', add = ''] of rows) {
		const sample = samples.find(one => one.new === what);
		const named = paths(`${write} ${add}`);
		for (const file of [...Object.keys(sample?.write ?? {}), ...(sample?.add ?? []).map(([path]) => path)]) {
			const known = named.some(path => new RegExp(`^${path.replaceAll('.', '\\.').replace('NAME', '[\\w-]+')}$`).test(file));
			expect(known, `${what}: ${file}`).toBe(true);
		}
	}
});

test('with one of each in it the house still holds together', async () => {
	const {code, stdout} = await run([join(root, 'node_modules/.bin/tsc'), '-p', folder], {timeoutMs: 110_000});
	expect({code, stdout}).toEqual({code: 0, stdout: ''});
});

test('each of them is there', async () => {
	const built = await run([process.execPath, join(folder, 'scripts/build.ts')], {timeoutMs: 110_000});
	expect(built).toMatchObject({code: 0, stderr: ''});
	const dockhop = (...args: string[]) => run([process.execPath, join(folder, 'dist/dockhop.js'), ...args]);
	for (const id of ['sample-fault', 'sample-cause', 'sample-unknown', 'sample-hop', 'sample-driver'])
		expect((await dockhop('explain', id)).stdout, id).toMatch(new RegExp(`^${id}: an? `));
	expect((await dockhop('sample')).stdout).toBe('a sample\n');
	expect((await dockhop('--help')).stdout).toMatch(/^ {2}sample +a sample$/m);

	const {matchesOf} = await loaded<typeof import('../../source/netfilter/xt/matches.js')>('netfilter/xt/matches.ts');
	expect(matchesOf({module: 'sample', options: []} as never, {} as never)).toMatchObject([{words: 'a sample'}]);
	const {expression} = await loaded<typeof import('../../source/netfilter/nft/expressions.js')>('netfilter/nft/expressions.ts');
	expect(expression({sample: {}})).toMatchObject({words: 'a sample'});
	const {intentOf} = await loaded<{intentOf(state: unknown, key: string): {type: string; mode: {kind: string}}[]}>('ui/keys/intent.ts');
	const [opened] = intentOf({}, 'sample');
	const {overlayOf} = await loaded<{overlayOf(mode: unknown): {title: string} | null}>('ui/lines/overlays.ts');
	expect(overlayOf(opened?.mode)).toMatchObject({title: 'Sample'});
});

async function loaded<T>(file: string): Promise<T> {
	const entry = join(folder, 'source', file);
	const {outputFiles} = await build({
		...settings,
		absWorkingDir: folder,
		entryPoints: [entry],
		outdir: folder,
		metafile: false,
		splitting: false,
	});
	const bundled = join(folder, `${file.replaceAll('/', '-')}.mjs`);
	await writeFile(bundled, outputFiles[0]?.contents ?? '');
	return import(pathToFileURL(bundled).href);
}

function paths(cell: string): string[] {
	return [...cell.matchAll(/`(source\/[^`]+)`/g)].map(([, path = '']) => path);
}

function entry(title: string): string {
	return `{title: '${title}', about: 'It is a sample.', more: [], see: [], todo: []}`;
}

/** An import goes in front of the first one. */
function imported(file: string, line: string): [file: string, after: string, line: string] {
	return [file, '', line];
}
