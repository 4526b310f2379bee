import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {BenchHost} from '../../scripts/bench-host.ts';
import {countRequests} from '../../scripts/bench-requests.ts';
import {openScreen} from '../../scripts/bench-screen.ts';
import {engines} from '../lab/engines.ts';
import {program} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

/** What does not depend on how busy a machine is: requests to the engine, and silence while nothing changes. */
describe.each(engines)('what the explorer costs on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);
	let counter: Awaited<ReturnType<typeof countRequests>>;
	let argv: BenchHost['argv'];
	beforeAll(async () => {
		// A container that has just started is looked at again until it is eight seconds old (source/session/next-look.ts).
		await sleep(9000);
		const {folder, socket, netns, path} = lab();
		argv = (run, asked = socket) => ['env', `PATH=${path}`, `DOCKER_HOST=unix://${asked}`, 'nsenter', `--net=${netns}`, '--', ...run];
		counter = await countRequests({folder, socket, argv});
	});
	afterAll(() => counter?.stop());

	test('each list is asked for once, each container inspected once; then nothing is asked and nothing written', async () => {
		const screen = openScreen(argv([process.execPath, program], counter.socket));
		try {
			await screen.shows(/hosty/);
			await screen.quiet(2000);
			const once = {'/version': 1, '/info': 1, '/networks': 1, '/containers/json': 1, '/events': 1};
			expect(Object.fromEntries(counter.taken())).toEqual({...once, '/containers/ID/json': 7});
			expect(await screen.idle(3000)).toMatchObject({bytes: 0});
			expect(counter.taken().size).toBe(0);
			expect(screen.peakMegabytes()).toBeLessThan(120);
		} finally {
			await screen.stop();
		}
	});
});
