import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';

test("README's table of keys is the one of the explorer", async () => {
	const root = fileURLToPath(new URL('../../..', import.meta.url));
	const ran = await promisify(execFile)(process.execPath, ['scripts/keys.ts', '--check'], {cwd: root}).catch(error => error);
	expect(ran.stderr).toBe('');
	expect(ran.code ?? 0).toBe(0);
});
