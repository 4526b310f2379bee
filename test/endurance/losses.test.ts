import {readFile, rename} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {ready, startOn} from '../engine/lab-explorer.ts';
import {engineAnswers} from '../lab/daemon.ts';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {often, report} from './form.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`an engine that goes and comes back, ${engine}`, () => {
	const lab = useLab({engine, daemonJson: {'live-restore': true}}, sceneSix);
	let shown: Program | undefined;
	afterEach(() => shown?.stop());
	const lost = /engine lost at \d\d:\d\d:\d\d: as of \d\d:\d\d:\d\d/;

	it('restarted again and again: each time it is found again, and what was known stays on the screen with its age', async () => {
		shown = startOn(lab(), []);
		await ready(shown);
		const times = often(3, 20);
		for (let time = 0; time < times; time++) {
			const again = await stopEngine(lab());
			await shown.waitFor(lost);
			// What it knew is there still.
			expect(shown.screen().join('\n')).toMatch(/appnet[\s\S]*172\.18\.0\.0\/16/);
			await again();
			shown.press('r');
			await expect.poll(() => lost.test(shown?.screen().join('\n') ?? ''), {timeout: 30_000}).toBe(false);
			await ready(shown);
		}
		report(`${times} restarts of the engine, ${times} reconnects`);
		shown.press('q');
		expect(await shown.ended()).toBe(0);
	}, 400_000);

	it('its socket is taken away and comes back', async () => {
		shown = startOn(lab(), []);
		await ready(shown);
		const away = `${lab().socket}.away`;
		await rename(lab().socket, away);
		shown.press('r');
		// The connections that are open go on; a new program finds none.
		const second = await lab().dockhop('networks');
		expect([second.code, second.stderr]).toEqual([4, expect.stringMatching(/^dockhop: no engine answers .*there is no such socket.*\n$/)]);
		await rename(away, lab().socket);
		shown.press('r');
		await ready(shown);
		expect((await lab().dockhop('networks')).code).toBe(0);
	}, 60_000);

	it('a request that it never answers: the screen says so, keys go on, and it recovers', async () => {
		shown = startOn(lab(), []);
		await ready(shown);
		const pid = Number(await readFile(`${lab().folder}/dockerd.pid`, 'utf8'));
		process.kill(pid, 'SIGSTOP');
		try {
			shown.press('r');
			shown.press('2');
			await shown.waitFor('┏━ 2 Containers');
			await shown.waitFor(lost);
		} finally {
			process.kill(pid, 'SIGCONT');
		}
		await expect.poll(() => lost.test(shown?.screen().join('\n') ?? ''), {timeout: 40_000}).toBe(false);
		shown.press('1');
		await ready(shown);
	}, 120_000);
});

/** Ends the engine; gives the way to start it again as it was. Its containers run on (live-restore). */
async function stopEngine(lab: Lab): Promise<() => Promise<void>> {
	const pid = (await readFile(`${lab.folder}/dockerd.pid`, 'utf8')).trim();
	const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
	process.kill(Number(pid), 'SIGTERM');
	await expect.poll(() => isRunning(pid), {timeout: 20_000}).toBe(false);
	return async () => {
		const engine = lab.start('host', argv);
		await engine.until(() => engineAnswers(lab.socket), 60_000);
		await sleep(100);
	};
}

/** A zombie does not. */
async function isRunning(pid: string): Promise<boolean> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	return !['', 'Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '');
}
