import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {enter} from '../lab/namespaces.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {type Ssh, startSsh} from '../lab/ssh.ts';
import {useLab} from '../lab/use-lab.ts';
import {type Program, start} from '../terminal/program.ts';
import {choose, goTo, open, pane, ready, send} from './lab-explorer.ts';
import {leftAfter, runningWith, untilCurl} from './process-tree.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`over ssh from the LAN, on engine ${engine}`, () => {
	const lab = useLab({engine}, async lab => {
		await sceneSix(lab);
		lab.start('lan', [`${lab.folder}/images/tiny.bin`, 'serve', '--delay', '60', `${lab.address.lan}:8018`]);
	});
	let ssh: Ssh;
	let shown: Program | undefined;
	beforeAll(async () => {
		ssh = await startSsh(lab());
	});
	afterEach(() => shown?.stop());
	afterAll(() => ssh?.stop());

	/** dockhop in a terminal of the server, drawn by the one of the client. */
	const remote = (...args: string[]) => start(args, {columns: 80, rows: 24, under: [...enter(lab().lanNetns, ssh.argv), '-tt']});

	it('the same walk, and the terminal of the client is restored', async () => {
		shown = remote();
		await ready(shown);
		await open(shown, 'www', 'lan → www:80, published 8080/tcp');
		for (let hop = 2; hop <= 10; hop++) {
			shown.press('down');
			await shown.waitFor(new RegExp(`▸✓ +${hop} [\\s\\S]*── Hop ${hop} `));
		}
		await send(shown, 'P', 'www → 127.0.0.1:80');
		await choose(shown, 'host → 127.0.0.1:8080', 'host → www:80, published 8080/tcp');
		await send(shown, 'p', 'host → 127.0.0.1:8080');
		await goTo(shown, 'web:80 from app', 'app → web:80');
		await send(shown, 'p', 'app → web:80');
		await goTo(shown, 'http://host.docker.internal:8080/ from app', 'app → http://host.docker.internal:8080/');
		await send(shown, 'p', 'app → http://host.docker.internal:8080/');
		shown.press('4');
		await shown.waitFor(/┏━ 4 Probes[\s\S]*┗/);
		expect(pane(shown, '4 Probes')).toHaveLength(5);
		shown.press('q');
		expect(await shown.ended()).toBe(0);
		expect(shown.alternate()).toBe(false);
		expect(shown.screen().join('')).toMatch(/^Connection to 10\.99\.0\.1 closed\.$/);
	});

	it.each(['host', 'app'])('cut in the middle of a probe from %s: three seconds later no process of it is left', async from => {
		shown = remote('--timeout', '60');
		await ready(shown);
		await goTo(shown, `http://10.99.0.2:8018/ from ${from}`, `${from} → http://10.99.0.2:8018/`);
		await shown.waitFor('p sends: ');
		shown.press('p');
		await shown.waitFor('running');
		await cut(shown);
	});

	it('cut in the middle of `dockhop probe`: the same', async () => {
		shown = remote('--timeout', '60', 'probe', 'http://10.99.0.2:8018/', '--from', 'app');
		await cut(shown);
	});

	/** Kills the client, once a curl is on its way. */
	async function cut(client: Program): Promise<void> {
		const running = await untilCurl(ssh.pid);
		process.kill(client.pid, 'SIGKILL');
		expect(await leftAfter(3000, running)).toEqual([]);
		expect(await runningWith('http://10.99.0.2:8018/')).toEqual([]);
	}
});
