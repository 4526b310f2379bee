import {expect, test} from 'vitest';
import {commands} from '../../source/commands/index.js';
import {run} from '../../source/process/run.js';

/** The script as the command prints it. */
async function script(shell: string): Promise<string> {
	let text = '';
	const completion = commands.find(({name}) => name === 'completion');
	await completion?.run({arguments: [shell], output: {text: (part: string) => (text += part)}} as never);
	return text;
}

/** What bash offers for a line whose last word is being typed. */
async function offered(line: string): Promise<string[]> {
	const words = line.split(' ');
	const ask = `${await script('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dockhop; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const {stdout, stderr} = await run(['bash', '-c', ask, 'bash', ...words]);
	expect(stderr).toBe('');
	return stdout.split('\n').filter(Boolean);
}

test.each([
	['dockhop n', ['networks']],
	['dockhop --form', ['--format']],
	['dockhop networks --format ', ['table', 'markdown', 'json']],
	['dockhop flow web --f', ['--from', '--format']],
	['dockhop flow web --from ', ['host', 'lan']],
	['dockhop --json completion ', ['bash', 'zsh', 'fish']],
	['dockhop explain listens-', ['listens-on-loopback', 'listens-elsewhere']],
])('bash offers for "%s"', async (line, words) => {
	expect(await offered(line)).toEqual(expect.arrayContaining(words));
});

test('every command and option is in each script', async () => {
	for (const shell of ['bash', 'zsh', 'fish']) {
		const text = await script(shell);
		for (const {name} of commands) expect(text, shell).toContain(name);
		for (const option of ['process-first', 'replay', 'timeout']) expect(text, shell).toContain(option);
	}
});

test('another shell is wrong usage', async () => {
	await expect(script('tcsh')).rejects.toThrow("no completion for 'tcsh'; there is one for bash, zsh, fish");
	await expect(script('constructor')).rejects.toThrow('no completion');
});
