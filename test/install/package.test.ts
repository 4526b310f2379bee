import {mkdir, mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type RunOptions, run} from '../../source/process/run.js';
import {start} from '../terminal/program.ts';

const root = resolve(import.meta.dirname, '../..');
/** Node's releases as packages of the registry, one for each that dockhop has to run on. */
const releases = ['22', '24'];
const nodePackage = `node-${process.platform}-${process.arch}`;
let folder = '';

/** Rejects where a program fails. */
async function must(argv: string[], options?: RunOptions): Promise<string> {
	const ran = await run(argv, {timeoutMs: 240_000, ...options});
	if (ran.code !== 0) throw new Error(`${argv.join(' ')}: ${ran.failure ?? ran.code}\n${ran.stdout}\n${ran.stderr}`);
	return ran.stdout;
}

/** What a stranger does: the tarball into an empty folder, without development dependencies. */
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-package-'));
	await must(['npm', 'pack', '--silent', '--pack-destination', folder, '--prefix', root, root]);
	const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz')) ?? '';
	await mkdir(join(folder, 'own'));
	const quietly = ['--omit=dev', '--no-audit', '--no-fund', '--silent'];
	await must(['npm', 'install', ...quietly, '--prefix', join(folder, 'own'), join(folder, tarball)]);
	for (const release of releases) {
		await must(['npm', 'install', ...quietly, '--prefix', join(folder, release), `${nodePackage}@${release}`]);
	}
});
afterAll(() => rm(folder, {recursive: true, force: true}));

const installed = () => join(folder, 'own/node_modules');
const nodeOf = (release: string) => join(folder, release, 'node_modules', nodePackage, 'bin/node');

it('it brings nothing else: no dependency, and only the papers and the program', async () => {
	const names = (await readdir(installed())).filter(name => !name.startsWith('.'));
	expect(names).toEqual(['dockhop']);
	const parts = (await readdir(join(installed(), 'dockhop'))).toSorted();
	expect(parts).toEqual(['LICENSE', 'README.md', 'completions', 'demo', 'dist', 'man', 'package.json']);
	const {man, bin} = JSON.parse(await readFile(join(installed(), 'dockhop/package.json'), 'utf8'));
	for (const file of [man, bin.dockhop]) expect(await readFile(join(installed(), 'dockhop', file), 'utf8')).not.toBe('');
});

describe.each(releases)('on Node %s', release => {
	const dockhop = (...args: string[]) => [nodeOf(release), join(installed(), '.bin/dockhop'), ...args];

	it('is that Node', async () => {
		expect(await must([nodeOf(release), '--version'])).toMatch(new RegExp(`^v${release}\\.`));
	});

	it.each([
		[['--version'], /^\d+\.\d+\.\d+\n$/],
		[['--help'], /^Usage: dockhop/],
		[['networks', '--demo'], /^appnet +bridge/m],
		[['flow', 'www', '--from', 'lan', '--demo'], /^delivered: /m],
		// The demo has one request that a rule drops.
		[['doctor', '--demo'], /\[dropped\][\s\S]*1 finding/, 1],
		[['explain', 'veth'], /^veth: /],
		[['info', '--demo'], new RegExp(`Node ${release}\\.`)],
		[['completion', 'fish'], /complete -c dockhop/],
		[['complete', '--', '--demo', 'flow', 'ww'], /^www\trunning/],
	] as [string[], RegExp, number?][])('%j', async (args, says, exit = 0) => {
		const {stdout, stderr, code} = await run(dockhop(...args));
		expect({stderr, code}).toEqual({stderr: '', code: exit});
		expect(stdout).toMatch(says);
	});

	it('the explorer opens a flow', async () => {
		const shown = start(['--demo'], {program: dockhop()});
		try {
			await shown.waitFor('1 Networks');
			shown.press(':', 'www from lan', 'enter');
			await shown.waitFor(/lan → www:80.*delivered/);
			shown.press('q');
			expect(await shown.ended()).toBe(0);
		} finally {
			shown.stop();
		}
	});
});
