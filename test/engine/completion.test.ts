import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {ensurePrograms} from '../lab/packages.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {startOn} from './lab-explorer.ts';

const engine = engines.at(-1) as (typeof engines)[number];
const root = resolve(import.meta.dirname, '../..');
let folder = '';
let shown: Program | undefined;

/** A `dockhop` in PATH, as after an installation. */
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-completion-'));
	await writeFile(join(folder, 'dockhop'), `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/dockhop.js' "$@"\n`);
	await chmod(join(folder, 'dockhop'), 0o755);
	// -D: without a dump, which compinit would rename over any path that it is given.
	await writeFile(join(folder, '.zshrc'), "PS1='ready> '\nautoload -Uz compinit && compinit -u -D\nsource <(dockhop completion zsh)\n");
});
afterAll(() => rm(folder, {recursive: true}));
afterEach(() => shown?.stop());

/** How each is started without what this machine has set up for it. */
const shells: {name: string; argv: () => string[]; ready: string}[] = [
	{name: 'bash', argv: () => ['bash', '--norc', '--noprofile', '-i'], ready: 'source <(dockhop completion bash)'},
	{name: 'zsh', argv: () => ['zsh', '-i'], ready: ''},
	{
		name: 'fish',
		argv: () => ['fish', '--no-config', '-i', '-C', 'dockhop completion fish | source; function fish_prompt; echo "ready> "; end'],
		ready: '',
	},
];

describe(`completion on engine ${engine}, as it is typed`, () => {
	const lab = useLab({engine}, async started => {
		await ensurePrograms(started.journal, {zsh: 'zsh', fish: 'fish'});
		await started.docker('run', '-d', '--name', 'storefront', '-p', '8088:80', '-p', '8443:443', 'busybox', 'sleep', '3600');
	});

	it.each(shells)('in $name: commands, the names of containers that are there, their ports', async ({argv, ready}) => {
		const env = {PATH: `${folder}:${lab().path}`, PS1: 'ready> ', ZDOTDIR: folder, HOME: folder, HISTFILE: ''};
		shown = startOn(lab(), [], {program: argv(), env});
		await shown.waitFor('ready>');
		if (ready) shown.press(`${ready}\r`);
		const completes = async (typed: string, line: string) => {
			await shown?.settled();
			shown?.press('\u0015', typed, 'tab');
			await shown?.waitFor(new RegExp(`ready> ${line} *(\\n|$)`));
		};
		await completes('dockhop fl', 'dockhop flow');
		await completes('dockhop flow sto', 'dockhop flow storefront');
		await completes('dockhop flow storefront --from ho', 'dockhop flow storefront --from host');
		await completes('dockhop flow storefront:4', 'dockhop flow storefront:443');
		await lab().docker('run', '-d', '--name', 'later', 'busybox', 'sleep', '3600');
		try {
			await completes('dockhop flow lat', 'dockhop flow later');
		} finally {
			await lab().docker('rm', '-f', 'later');
		}
		expect(shown.output()).not.toMatch(/command not found|no such file/i);
	});
});
