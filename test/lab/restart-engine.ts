import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {dockerdArgv, engineAnswers} from './daemon.ts';
import type {Lab} from './lab.ts';
import {waitFor} from './wait-for.ts';

/** Stops dockerd and starts it again, with the containers that ran: its rules are written anew. `env`: variables for it alone. */
export async function restartEngine(lab: Lab, env: Readonly<Record<string, string>> = {}): Promise<void> {
	const pidFile = join(lab.folder, 'dockerd.pid');
	const names = (await lab.docker('ps', '--format', '{{.Names}}')).split('\n').filter(Boolean);
	process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGTERM');
	await waitFor('dockerd to end', async () => !(existsSync(pidFile) || (await engineAnswers(lab.socket))), 60_000);
	const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const daemon = lab.start('host', ['env', ...variables, ...dockerdArgv(lab.folder)]);
	await daemon.until(() => engineAnswers(lab.socket), 60_000);
	if (names.length > 0) await lab.docker('start', ...names);
}
