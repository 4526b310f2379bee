import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {engineAnswers} from '../lab/daemon.ts';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {choose, explorerOn, goTo, like, open, pane, send} from './lab-explorer.ts';
import {leftAfter, untilCurl} from './process-tree.ts';

let shown: Program | undefined;
afterEach(() => shown?.stop());

describe.each(engines)('the explorer on engine %s', engine => {
	const lab = useLab({engine}, async lab => {
		await sceneSix(lab);
		lab.start('lan', [`${lab.folder}/images/tiny.bin`, 'serve', `${lab.address.lan}:8000`]);
	});

	it.each([
		[80, 24],
		[120, 40],
	])('at %i×%i: from the list through the hops to the three requests, for real', async (columns, rows) => {
		shown = await explorerOn(lab(), {columns, rows, under: stty});
		expect(pane(shown, '1 Networks')).toEqual(networks);

		await open(shown, 'www', 'lan → www:80, published 8080/tcp');
		// A frame may arrive in pieces.
		await shown.waitFor(/sees 10\.99\.0\.2 +80/);
		expect(pane(shown, '3 Request flow')).toEqual(lanToWww);
		for (const [at, title] of hopTitles.entries()) {
			if (at > 0) shown.press('down');
			await shown.waitFor(new RegExp(`▸✓ +${at + 1} [\\s\\S]*── Hop ${at + 1} {2}${title}`));
		}
		await send(shown, 'P', 'www → 127.0.0.1:80');
		await stepUp(shown, 10, 6);
		await send(shown, 'P', 'host → 172.17.0.2:80');
		await stepUp(shown, 6, 2);
		await send(shown, 'P', 'host → 127.0.0.1:8080');
		await send(shown, 'p', 'host → 10.99.0.1:8080');

		shown.press('2', 'escape');
		await shown.waitFor(/┏━ 2 Containers ━+ 7 ━┓[\s\S]*┗/);
		const isWide = columns === 80;
		const cells = [['NAME', 'STATE', 'ADDRESS', 'PORTS'], ...containers].map(([name, state, ...rest]) =>
			[name, ...(isWide ? [state] : []), ...rest].join('  '),
		);
		expect(pane(shown, '2 Containers').map(line => line.replace(/^▸?✓ /, ''))).toEqual(cells);
		await open(shown, 'web', 'lan → web:80, published 8081/tcp');
		await choose(shown, 'host → 127.0.0.1:8081', 'host → web:80, published 8081/tcp');
		await shown.waitFor(/sees 172\.18\.0\.1 +80/);
		expect(pane(shown, '3 Request flow')).toEqual(hostToWeb);
		await send(shown, 'p', 'host → 127.0.0.1:8081');
		await choose(shown, 'app → web:80', 'app → web:80');
		expect(shown.screen().join('\n')).toMatch(
			/ ✓ +2 +container +dns web in app .*embedded DNS[\s\S]*( httpd \(\d+\) in web |1 more below)/,
		);
		await send(shown, 'p', 'app → web:80');
		await choose(shown, 'app → host.docker.internal:8081', 'app → web:80, published 8081/tcp');
		expect(shown.screen().join('\n')).toMatch(/ ✓ +2 +container +dns host\..* line \d/);
		await send(shown, 'p', 'app → host.docker.internal:8081');

		await goTo(shown, 'http://10.99.0.2:8000/ from app', 'app → http://10.99.0.2:8000/');
		await shown.waitFor(/ 9 +hardware .*10\.99\.0\.1/);
		expect(pane(shown, '3 Request flow')).toEqual(outwards);
		await send(shown, 'p', 'app → http://10.99.0.2:8000/');
		await goTo(shown, 'web:81 from app', 'app → web:81');
		await send(shown, 'p', 'app → web:81', 'ECONNREFUSED');

		shown.paste('ptq');
		shown.press('4');
		await shown.waitFor(/┏━ 4 Probes[\s\S]*┗/);
		// As many of the last ones as the pane has room for.
		const [heading, ...probes] = pane(shown, '4 Probes');
		expect(heading).toBe('TIME  REQUEST  RESULT  TOTAL  MORE');
		expect(probes.length).toBeGreaterThanOrEqual(4);
		expect(probes).toEqual(sent.slice(-probes.length));

		shown.press('q');
		await restored(shown, 0);
	});
});

const engine = engines.at(-1) as (typeof engines)[number];

describe(`the explorer and what happens on engine ${engine}`, () => {
	const lab = useLab({engine}, async lab => {
		await sceneSix(lab);
		lab.start('lan', [`${lab.folder}/images/tiny.bin`, 'serve', '--delay', '60', `${lab.address.lan}:8017`]);
	});

	it('shows a container that starts, stops and goes, and explains the open flow anew', async () => {
		shown = await explorerOn(lab());
		await open(shown, 'www', 'lan → www:80, published 8080/tcp');
		await lab().docker('stop', '-t', '0', 'www');
		await shown.waitFor(/3 Request flow {2}lan → www:80.* ✗ blocked at hop \d/);
		await lab().docker('start', 'www');
		await shown.waitFor(/3 Request flow {2}lan → www:80.* ✓ delivered/);
		shown.press('2', 'escape');
		await shown.waitFor(/┏━ 2 Containers ━+ 7 ━┓[\s\S]*┗/);
		await lab().docker('run', '-d', '--name', 'late', 'tiny', '/tiny', 'sleep');
		await shown.waitFor(/✓ late +172\.17\.0\.\d/);
		await lab().docker('stop', '-t', '0', 'late');
		await shown.waitFor(/late +exited/);
		await lab().docker('rm', 'late');
		await shown.waitFor(/┏━ 2 Containers ━+ 7 ━┓[\s\S]*┗/);
		expect(shown.screen().join('\n')).not.toContain('late');
	});

	it.each([
		['SIGHUP', 129],
		['SIGTERM', 143],
		['ctrl-c', 130],
	] as const)('restores the terminal after %s in the middle of a probe, and ends the probe', async (how, code) => {
		shown = await explorerOn(lab(), {under: stty});
		await goTo(shown, 'http://10.99.0.2:8017/ from app', 'app → http://10.99.0.2:8017/');
		await shown.waitFor('p sends: ');
		shown.press('p');
		await shown.waitFor('running');
		const started = await untilCurl(shown.pid);
		const dockhop = started.find(({argv}) => argv.some(one => one.endsWith('dockhop.js')));
		if (how === 'ctrl-c') shown.press(how);
		else process.kill(dockhop?.pid ?? -1, how);
		await restored(shown, code);
		expect(await leftAfter(3000, started)).toEqual([]);
	});

	it('says that the engine is lost, keeps what it had read, and comes back with the engine', async () => {
		shown = await explorerOn(lab());
		const pid = Number(await readFile(join(lab().folder, 'dockerd.pid'), 'utf8'));
		const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
		process.kill(pid, 'SIGTERM');
		await shown.waitFor(/engine lost at \d\d:\d\d:\d\d: as of \d\d:\d\d:\d\d/);
		expect(pane(shown, '1 Networks')).toEqual(networks);
		expect(await leftAfter(30_000, [{pid, argv}])).toEqual([]);
		const dockerd = lab().start('host', argv);
		await dockerd.until(() => engineAnswers(lab().socket), 60_000);
		shown.press('2', 'r');
		await shown.waitFor(/www +exited/);
		expect(shown.screen()[0]).not.toContain('lost');
		await lab().docker('start', 'www');
		await shown.waitFor(/✓ www +172\.17\.0\.\d/);
	});
});

const stty = ['sh', '-c', 'stty -g; "$@"; echo "code=$?"; stty -g', 'sh'];

/** Under `stty`: the program has ended with that code, its screen is gone, and the terminal's modes are those of before. */
async function restored(shown: Program, code: number): Promise<void> {
	await shown.ended();
	expect(shown.alternate()).toBe(false);
	expect(shown.screen().join('')).toMatch(new RegExp(`^(\\S+)code=${code}\\1$`));
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that show the cursor and end bracketed paste start with ESC.
	expect(shown.output()).toMatch(/\u001b\[\?25h(?![\s\S]*\u001b\[\?25l)[\s\S]*/);
	expect(shown.output().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(shown.output().lastIndexOf('\u001b[?2004h'));
}

async function stepUp(shown: Program, from: number, to: number): Promise<void> {
	for (let hop = from; hop > to; hop--) shown.press('up');
	await shown.waitFor(new RegExp(`▸✓ +${to} [\\s\\S]*── Hop ${to} `));
}

const networks = like(
	'NAME  DRIVER  SUBNET  #',
	'▸ all  7',
	'appnet  bridge  172.18.0.0/16  2',
	'bridge  bridge  172.17.0.0/16  2',
	'host  host  -  1',
	'none  null  -  1',
	'othernet  bridge  172.19.0.0/16  1',
);

const containers = [
	['other', 'running', '172.19.0.2'],
	['tiny', 'running', '172.17.0.3', 'lo:8181→80'],
	['lonely', 'running', 'lo only'],
	['hosty', 'running', "the host's own"],
	['app', 'running', '172.18.0.3'],
	['web', 'running', '172.18.0.2', '8081→80'],
	['www', 'running', '172.17.0.2', '8080→80'],
];

const lanToWww = like(
	'#  WHERE  HOP  ADDRESS  PORT',
	'▸✓  1  lan  client  10.99.0.2  *',
	'✓  2  hardware  *eth0  10.99.0.1  8080',
	'✓  3  host  *DNAT*  10.99.0.1→172.17.0.2  8080→80',
	'✓  4  host  route*  172.17.0.0/16 dev docker0',
	'✓  5  host  filter FOR*accepted by *',
	'✓  6  host  *docker0  172.17.0.1  stp off',
	'✓  7  host  *veth*  172.17.0.0/16',
	'✓  8  container  *eth0  172.17.0.2',
	'✓  9  container  port 80*  [::]:80, listening  80',
	'✓ 10  process  httpd (*)  sees 10.99.0.2  80',
);

const hopTitles = [
	'client',
	'NIC eth0',
	'.*DNAT, DOCKER rule \\d+',
	'route table main',
	'filter FORWARD',
	'bridge docker0',
	'veth veth',
	'interface eth0',
	'port 80/tcp',
	'httpd \\(\\d+\\)',
];

const hostToWeb = like(
	'#  WHERE  HOP  ADDRESS  PORT',
	'▸✓ 1  host  client  127.0.0.1  *',
	'✓ 2  host  *lo  127.0.0.1',
	'✓ 3  host  docker-proxy  127.0.0.1→172.18.0.2  8081→80',
	'✓ 4  host  route*  172.18.0.0/16*',
	'✓ 5  host  *br-*  172.18.0.1  stp off',
	'✓ 6  host  *veth*  172.18.0.0/16',
	'✓ 7  container  *eth0  172.18.0.2',
	'✓ 8  container  port 80*  [::]:80, listening  80',
	'✓ 9  process  httpd (*)  sees 172.18.0.1  80',
);

const outwards = like(
	'#  WHERE  HOP  ADDRESS  PORT',
	'▸✓  1  container  client app  172.18.0.3  *',
	'✓  2  container  route*  default via *',
	'✓  3  container  *eth0  172.18.0.3',
	'✓  4  host  *veth*  172.18.0.0/16',
	'✓  5  host  *br-*  172.18.0.1  stp off',
	'✓  6  host  route*  10.99.0.0/24 dev eth0',
	'✓  7  host  filter FOR*accepted by *',
	'✓  8  host  *  172.18.0.3→10.99.0.1  8000',
	'✓  9  hardware  *eth0  10.99.0.1',
	'? 10  outside  *10.99.0.2  *8000',
);

const sent = like(
	'✓ *  www → 127*:80  HTTP 200  *',
	'✓ *  host → 172*:80  HTTP 200  *',
	'✓ *  host → 127*:8080  HTTP 200  *',
	'✓ *  host → 10.*:8080  HTTP 200  *',
	'✓ *  host → 127*:8081  HTTP 200  *',
	'✓ *  app → web:80  HTTP 200  *',
	// Where a time of four digits leaves no room, the end that is asked stands alone.
	'✓ *  *host*:8081  HTTP 200  *',
	'✓ *  app → http*:8000/  HTTP 200  *',
	'▸✗ *  app → web:81  ECONNREFUSED  *',
);
