import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {start} from './program.js';

const bundle = fileURLToPath(new URL('../../dist/dockhop.js', import.meta.url));
const scripts = fileURLToPath(new URL('../../completions', import.meta.url));
let folder = '';

/** A `dockhop` in PATH, as after an installation. */
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-completion-'));
	await writeFile(join(folder, 'dockhop'), `#!/bin/sh\nexec '${process.execPath}' '${bundle}' "$@"\n`);
	await chmod(join(folder, 'dockhop'), 0o755);
});
afterAll(() => rm(folder, {recursive: true}));

test('in bash, as it is typed', async () => {
	const bash = start([], {
		program: ['bash', '--norc', '--noprofile', '-i'],
		env: {PATH: `${folder}:${process.env.PATH}`, PS1: 'ready> ', HISTFILE: ''},
	});
	try {
		await bash.waitFor('ready>');
		bash.press(`source '${scripts}/dockhop.bash'\r`);
		const completes = async (typed: string, line: string) => {
			bash.press('\u0015', typed, 'tab');
			await bash.waitFor(`ready> ${line}`);
		};
		await completes('dockhop --demo fl', 'dockhop --demo flow ');
		await completes('dockhop --demo flow ww', 'dockhop --demo flow www ');
		await completes('dockhop --demo flow www:', 'dockhop --demo flow www:80 ');
		await completes('dockhop --demo flow www --from=hosty', 'dockhop --demo flow www --from=hosty ');
		await completes('dockhop --demo flow :8181', 'dockhop --demo flow :8181 ');
		await completes(`dockhop record ${folder}/dock`, `dockhop record ${folder}/dockhop `);
		expect(bash.output()).not.toMatch(/error|not found|ambiguous/);
	} finally {
		bash.stop();
	}
});
