import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {binary} from '../../scripts/binary.js';
import {commands} from '../../source/commands/index.js';
import {goTo, ready, send, startOn} from '../engine/lab-explorer.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';

let folder = '';
let dockhop = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-executable-'));
	dockhop = await binary(join(folder, 'dockhop'));
});
afterAll(() => rm(folder, {recursive: true}));

describe('dockhop as one executable, where nothing but the programs of the system is in PATH', () => {
	const lab = useLab({engine: '28.5'}, async lab => {
		await sceneSix(lab);
		await lab.docker('run', '-d', '--name', 'echo', '-p', '5300:53/udp', 'tiny', '/tiny', 'serve', '--udp', '0.0.0.0:53');
	});
	const bare = () => ['env', '-i', '-C', folder, 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', `DOCKER_HOST=unix://${lab().socket}`];
	const run = (...args: string[]) => lab().host([...bare(), dockhop, ...args], {mayFail: true});

	const asked: [args: string[], code: number, says: RegExp][] = [
		[['networks'], 0, /^appnet +bridge/m],
		[['containers'], 0, /^www +running/m],
		[['bridges'], 0, /^docker0 +8000\./m],
		[['flow', 'www:80', '--from', 'lan'], 0, /^delivered: /m],
		// The name is asked of the embedded DNS, from inside.
		[['flow', 'http://web/', '--from', 'app'], 0, /dns web in app/],
		[['probe', 'www:80'], 0, /HTTP 200/],
		[['probe', 'http://127.0.0.1/', '--from', 'tiny'], 0, /HTTP \d+/],
		[['probe', 'echo:53/udp'], 0, /answer/],
		[['trace', 'www:80'], 0, /seen/],
		[['doctor'], 0, /nothing/],
		[['record', 'recording.json'], 0, /^wrote recording\.json: 8 containers/],
		[['explain', 'veth'], 0, /^veth: /],
		[['info'], 0, /^engine: docker 28\.5/m],
		[['completion', 'bash'], 0, /^complete .* dockhop$/m],
		[['complete', '--', 'flow', 'ww'], 0, /^www\trunning/],
		[['flow', 'www:80', '--demo'], 0, /^delivered: /m],
		[['nonsense'], 2, /unknown command/],
	];

	it('every command is among those that are tried', () => {
		expect(asked.map(([[name]]) => name)).toEqual(expect.arrayContaining(commands.map(({name}) => name)));
	});

	it.each(asked)('%j ends with %i', async (args, code, says) => {
		const ran = await run(...args);
		expect(`${ran.stdout}${ran.stderr}`).toMatch(says);
		expect(ran.code).toBe(code);
	});

	it('the explorer starts, explains and sends', async () => {
		const shown = startOn(lab(), [], {program: [...bare(), 'TERM=xterm-256color', 'LC_ALL=C.UTF-8', dockhop]});
		try {
			await ready(shown);
			await goTo(shown, 'www:80', 'host → www:80, published 8080/tcp');
			await send(shown, 'p', 'host → 127.0.0.1:8080');
			shown.press('q');
			expect(await shown.ended()).toBe(0);
		} finally {
			shown.stop();
		}
	});

	it('is one file, which is no larger than Node and what is put into it', async () => {
		const node = (await stat(process.execPath)).size;
		expect((await stat(dockhop)).size - node).toBeLessThan(4_000_000);
	});
});
