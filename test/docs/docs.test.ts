import {cp, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {differing} from '../../scripts/docs.js';
import {run} from '../../source/process/run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('docs/, README, man page and completions say what the program says; where one lies, it is named and mended', async () => {
	expect(await differing(root, false)).toEqual([]);
	const folder = await mkdtemp(join(tmpdir(), 'dockhop-docs-'));
	try {
		for (const part of ['docs', 'man', 'completions', 'README.md']) await cp(join(root, part), join(folder, part), {recursive: true});
		const spoil = async (file: string, what: string, by: string) => {
			const text = await readFile(join(folder, file), 'utf8');
			expect(text).toContain(what);
			await writeFile(join(folder, file), text.replace(what, by));
		};
		await spoil('README.md', '`--timeout SECONDS`', '`--patience SECONDS`');
		await spoil('man/dockhop.1', 'undetermined', 'determined');
		await rm(join(folder, 'completions/_dockhop'));
		await rm(join(folder, 'docs/hops/veth.md'));
		await writeFile(join(folder, 'docs/causes/old.md'), 'no longer a cause');
		const wrong = ['README.md', 'completions/_dockhop', 'docs/causes/old.md', 'docs/hops/veth.md', 'man/dockhop.1'];
		expect((await differing(folder, true)).toSorted()).toEqual(wrong);
		expect(await differing(folder, false)).toEqual([]);
	} finally {
		await rm(folder, {recursive: true});
	}
});

test('every kind of hop and every driver is shown on a real host; ipvlan is not, for lack of a kernel that has it', async () => {
	const bare: string[] = [];
	for (const shelf of ['hops', 'drivers'])
		for (const page of await readdir(join(root, 'docs', shelf)))
			if (!(await readFile(join(root, 'docs', shelf, page), 'utf8')).includes('## On a real host')) bare.push(`${shelf}/${page}`);
	expect(bare).toEqual(['drivers/ipvlan.md']);
});

const groffIsHere = (await run(['groff', '--version']).catch(() => null))?.code === 0;

test.skipIf(!groffIsHere)('groff has nothing to say against the man page', async () => {
	const {code, stderr, stdout} = await run(['groff', '-man', '-Tutf8', '-ww', join(root, 'man/dockhop.1')]);
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	// What groff writes for bold: an escape sequence, or each letter twice.
	const plain = stripVTControlCharacters(stdout).replace(/.[\b]/g, '');
	expect(plain).toContain('flow TARGET [--from ORIGIN]');
	expect(plain).toContain('CONTAINER[:PORT[/udp|/sctp]]');
});
