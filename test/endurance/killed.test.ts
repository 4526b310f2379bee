import {setTimeout as sleep} from 'node:timers/promises';
import {beforeAll, describe, expect, it} from 'vitest';
import {programsOfTrace, tablesOfTrace} from '../engine/left-behind.ts';
import {leftAfter, type Running, startedBy, untilCurl} from '../engine/process-tree.ts';
import {engines} from '../lab/engines.ts';
import {helperImage} from '../lab/helper-image.ts';
import {program} from '../lab/lab.ts';
import {enter} from '../lab/namespaces.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {type Ssh, startSsh} from '../lab/ssh.ts';
import {useLab} from '../lab/use-lab.ts';
import {start} from '../terminal/program.ts';
import {chance, often, report, seed} from './form.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`killed at random moments, on engine ${engine}`, () => {
	const lab = useLab({engine}, async started => {
		await sceneSix(started);
		started.start('lan', [`${started.folder}/images/tiny.bin`, 'serve', '--delay', '60', `${started.address.lan}:8018`]);
	});
	let image: string;
	beforeAll(async () => {
		image = await helperImage(lab());
	});

	it('kill -9 of probe, trace, doctor, the explorer and what a helper reads: nothing is left', async () => {
		const random = chance(seed);
		const kinds: string[][] = [
			['probe', 'www:80'],
			['probe', 'http://10.99.0.2:8018/', '--from', 'app', '--timeout', '60'],
			['trace', 'www:80'],
			['trace', 'web:80', '--from', 'app'],
			['trace', 'www:80', '--from', 'lan', '--timeout', '60'],
			['doctor', '--probe', '--timeout', '2'],
			['flow', 'web:80', '--from', 'app', '--helper', image],
			['trace', 'www:80', '--helper', image],
			[],
		];
		const kills = often(18, 108);
		const started: Running[] = [];
		for (let kill = 0; kill < kills; kill++) {
			const args = kinds[kill % kinds.length] as string[];
			const run =
				args.length > 0
					? lab().start('host', [process.execPath, program, ...args])
					: start([], {
							under: enter(lab().netns, []),
							env: {DOCKER_HOST: `unix://${lab().socket}`, DOCKER_CONTEXT: undefined, PATH: lab().path},
						});
			await sleep(30 + random() * 1200);
			started.push(...(await startedBy(run.pid)));
			try {
				process.kill(run.pid, 'SIGKILL');
			} catch {
				// It was done before.
			}
		}
		const processes = await leftAfter(6000, started);
		await expect.poll(() => left(), {timeout: 6000, interval: 250}).toEqual([]);
		report(
			`${kills} × kill -9 of ${kinds.length} kinds at random moments (seed ${seed}): ${started.length} processes seen, ${processes.length} left behind, 0 tables, 0 containers`,
		);
		expect(processes).toEqual([]);
		// Killed in the middle, not all behind their end.
		expect(started.length).toBeGreaterThan(kills / 6);
	}, 400_000);

	it('ssh cut at random moments: no process is left', async () => {
		const random = chance(seed + 1);
		const ssh: Ssh = await startSsh(lab());
		const cuts = often(2, 20);
		let seen = 0;
		try {
			for (let cut = 0; cut < cuts; cut++) {
				const args =
					cut % 2 === 0
						? ['probe', 'http://10.99.0.2:8018/', '--from', 'app', '--timeout', '60']
						: ['trace', 'www:80', '--from', 'lan', '--timeout', '60'];
				const remote = start(args, {columns: 80, rows: 24, under: [...enter(lab().lanNetns, ssh.argv), '-tt']});
				if (cut % 4 === 0) await untilCurl(ssh.pid);
				await sleep(random() * 1500);
				const running = await startedBy(ssh.pid);
				seen += running.length;
				process.kill(remote.pid, 'SIGKILL');
				expect(await leftAfter(5000, running)).toEqual([]);
			}
			await expect.poll(() => left(), {timeout: 5000, interval: 250}).toEqual([]);
			report(`${cuts} × ssh cut (seed ${seed}): ${seen} processes seen, 0 left`);
		} finally {
			await ssh.stop();
		}
	}, 300_000);

	/** What is not a process of dockhop's own: tables, programs in namespaces, containers. */
	async function left(): Promise<string[]> {
		const helpers = await lab().docker('ps', '-aq', '--filter', 'label=dockhop.helper');
		const lost = await Promise.all(['www', 'web', 'app'].flatMap(name => [tablesOfTrace(lab(), name), programsOfTrace(lab(), name)]));
		return [...helpers.split('\n').filter(Boolean), ...lost.flat()];
	}
});
