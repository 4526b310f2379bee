import {mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import type {Lab} from '../lab/lab.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {explorerOn, goTo, like, open, pane} from './lab-explorer.ts';
import {leftAfter, untilRuns} from './process-tree.ts';

let shown: Program | undefined;
afterEach(() => shown?.stop());

describe.each(engines)('t in the explorer on engine %s', engine => {
	const lab = useLab({engine}, sceneSix);

	it.each([
		[80, 24],
		[120, 40],
	])(
		'at %i×%i: the request travels the table; ↑↓ tell what was seen at each hop, b the way back; again it is compared',
		async (columns, rows) => {
			shown = await explorerOn(lab(), {columns, rows});
			await goTo(shown, '10.99.0.1:8080', 'host → www:80, published 8080/tcp');
			await traced(shown, /✓ delivered, as explained/);
			expect(pane(shown, '3 Trace')).toEqual(healthy);
			const facts = [/trace +delivered: the request and its answer were seen/, /before +10\.99\.0\.1:\d+ → 10\.99\.0\.1:8080/, /seen +yes/];
			for (const [at, fact] of facts.entries()) {
				if (at > 0) shown.press('down');
				await shown.waitFor(new RegExp(`▸✓ +${at + 1} [\\s\\S]*── Hop ${at + 1} [\\s\\S]*${fact.source}`));
			}
			shown.press('down');
			await shown.waitFor(/▸✓ +4 [\s\S]*seen +yes, \d+ µs after the first packet[\s\S]*packet +0 µs {2}docker0 out {2}10\.99\.0\.1:/);
			shown.press('b');
			await shown.waitFor(/━ 3 The way back {2}www → host.*✓ delivered, as explained[\s\S]*syn ack/);
			shown.press('b', 't');
			await shown.waitFor(/traced at [\d:]{8} · as at [\d:]{8}/);
			shown.press('escape');
			await shown.waitFor(/━ 3 Request flow {2}.* ✓ delivered /);
			expect(await tables(lab())).toEqual([]);
		},
	);

	it('w writes what is there, with the trace, into a new file; o waits for whoever asks next', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'dockhop-explorer-'));
		try {
			shown = await explorerOn(lab(), {columns: 120, rows: 40, under: ['env', '-C', folder]});
			await open(shown, 'www', 'lan → www:80');
			shown.press('2', 'o', 'up');
			await shown.waitFor(/▸.*any → www:80, the next that comes/);
			shown.press('enter', 'enter');
			await shown.waitFor(/waiting for whoever asks[\s\S]*the next request to www:80/);
			await lab().host(['curl', '-sS', '--max-time', '3', '-o', '/dev/null', 'http://127.0.0.1:8080/']);
			await shown.waitFor(/3 Trace {2}host → www:80.*✓ delivered, as explained[\s\S]*docker-proxy/);
			shown.press('w');
			await shown.waitFor(/wrote \S+\.json, with 1 trace/);
			const [name = '', ...others] = await readdir(folder);
			expect(others).toEqual([]);
			const file = join(folder, name);
			expect((await stat(file)).mode & 0o777).toBe(0o600);
			const seen = JSON.parse((await lab().dockhop('trace', 'www', '--from', 'any', '--replay', file, '--json')).stdout);
			expect(seen).toMatchObject({verdict: 'delivered', agreement: true, from: {kind: 'host'}});
		} finally {
			await rm(folder, {recursive: true});
		}
	});

	it('where it dies: the cursor goes there, with the rule that did it', async () => {
		const drop = await insideWww(lab(), 'iptables', 'INPUT -p tcp --dport 80 -j DROP');
		try {
			shown = await explorerOn(lab(), {columns: 80, rows: 24});
			await goTo(shown, '10.99.0.1:8080', 'host → www:80, published 8080/tcp');
			await traced(shown, /✗ blocked at hop \d+, as explained/);
			await shown.waitFor(/▸✗ +\d+ +(filter )?INPUT.* yes [\s\S]*── Hop \d+ {2}(filter )?INPUT[\s\S]*rule +filter INPUT rule 1: drop/);
			shown.press('down');
			await shown.waitFor(/▸· [\s\S]*seen +no: it had stopped before/);
		} finally {
			await drop();
		}
	});

	it('what only the kernel knows: a disagreement is said in red, with the counter that moved', async () => {
		const limit = await limitWww(lab());
		try {
			shown = await explorerOn(lab(), {columns: 120, rows: 40});
			await goTo(shown, '10.99.0.1:8080', 'host → www:80, published 8080/tcp');
			await traced(shown, /✗ blocked at hop \d+, NOT AS EXPLAINED/);
			await shown.waitFor(/▸✗ +\d+ +veth[\s\S]*vanished between bridge docker0 and veth[\s\S]*tc -s qdisc show dev veth/);
			expect(colourOf(shown, 'NOT AS EXPLAINED')).toBe(red);
		} finally {
			await limit();
		}
	});

	it('a rule that came after the host was read: the trace differs, and the request is explained anew behind it', async () => {
		shown = await explorerOn(lab(), {columns: 120, rows: 40});
		await goTo(shown, '10.99.0.1:8080', 'host → www:80, published 8080/tcp');
		await shown.waitFor(/━ 3 Request flow .* ✓ delivered /);
		const drop = await insideWww(lab(), 'iptables', 'INPUT -p tcp --dport 80 -j DROP');
		try {
			await traced(shown, /✗ blocked at hop \d+, NOT AS EXPLAINED/);
			shown.press('escape');
			await shown.waitFor(/━ 3 Request flow .* ✗ blocked at hop \d+ /);
		} finally {
			await drop();
		}
	});

	it('from the LAN: it waits for the client that the screen tells to send, and follows it', async () => {
		shown = await explorerOn(lab(), {columns: 80, rows: 24});
		await goTo(shown, 'www:80 from lan', 'lan → www:80, published 8080/tcp');
		shown.press('t', 't');
		await shown.waitFor(/waiting for the client[\s\S]* {3}curl --fail http:\/\/10\.99\.0\.1:8080\//);
		await lab().lan(['curl', '-sS', '--max-time', '3', '-o', '/dev/null', `http://${lab().address.host}:8080/`]);
		await shown.waitFor(/3 Trace {2}lan → www:80.*✓ delivered, as explained[\s\S]*✓ +2 +NIC eth0 +yes +0 /);
	});

	it.each(['escape', 'q', 'kill -9'] as const)('%s while it waits: nothing stays behind', async key => {
		shown = await explorerOn(lab(), {columns: 80, rows: 24});
		await goTo(shown, 'www:80 from lan', 'lan → www:80, published 8080/tcp');
		shown.press('t', 't');
		await shown.waitFor(/waiting for the client/);
		const started = await untilRuns(shown.pid, 'nft');
		expect(await tables(lab())).not.toEqual([]);
		if (key === 'kill -9') shown.stop();
		else shown.press(key);
		if (key === 'kill -9') await shown.ended();
		else if (key === 'q') expect(await shown.ended()).toBe(0);
		else await shown.waitFor(/3 Request flow[\s\S]*the trace was cancelled/);
		const own = started.filter(({argv}) => ['nft', 'tcpdump', 'conntrack'].includes(argv[0] ?? ''));
		expect(await leftAfter(5000, own)).toEqual([]);
		expect(await tables(lab())).toEqual([]);
	});
});

/** Presses t, agrees where it is asked, and waits for the end of the travel. */
async function traced(on: Program, end: RegExp): Promise<void> {
	on.press('t');
	await on.waitFor(/It sends a real request: curl --fail [\s\S]*▸ Trace it/);
	on.press('enter');
	await on.waitFor(new RegExp(`━ 3 Trace .*${end.source}[\\s\\S]*traced at \\d\\d:`));
	await on.settled();
}

/** Adds a rule to the firewall inside www; gives the way to take it away. */
async function insideWww(lab: Lab, program: string, rule: string): Promise<() => Promise<unknown>> {
	const pid = await lab.docker('inspect', '-f', '{{.State.Pid}}', 'www');
	const change = (verb: string) => lab.host(['nsenter', '-t', pid, '-n', program, verb, ...rule.split(' ')]);
	await change('-A');
	return () => change('-D');
}

/** A queue on www's veth that swallows every packet: no rule, so the walk cannot know. */
async function limitWww(lab: Lab): Promise<() => Promise<unknown>> {
	const pid = await lab.docker('inspect', '-f', '{{.State.Pid}}', 'www');
	const iflink = (await lab.host(['nsenter', '-t', pid, '-n', 'ip', '-o', 'link', 'show', 'eth0'])).stdout.match(/eth0@if(\d+)/)?.[1];
	const veth = (await lab.host(['ip', '-o', 'link'])).stdout.match(new RegExp(`^${iflink}: (veth[^@:]+)`, 'm'))?.[1] ?? '';
	await lab.host(['tc', 'qdisc', 'add', 'dev', veth, 'root', 'tbf', 'rate', '1kbit', 'burst', '20b', 'limit', '20b']);
	return () => lab.host(['tc', 'qdisc', 'del', 'dev', veth, 'root']);
}

/** Tables of a trace on the host and in www. */
async function tables(lab: Lab): Promise<string[]> {
	const pid = await lab.docker('inspect', '-f', '{{.State.Pid}}', 'www');
	const list = ['nft', 'list', 'tables'];
	const all = await Promise.all([lab.host(list), lab.host(['nsenter', '-t', pid, '-n', ...list])]);
	return all.flatMap(({stdout}) => stdout.split('\n').filter(line => line.includes('dockhop_')));
}

/** The colour in which a text is drawn. */
function colourOf({terminal, screen}: Program, text: string): number | undefined {
	const row = screen().findIndex(line => line.includes(text));
	const {active} = terminal.buffer;
	return active
		.getLine(active.viewportY + row)
		?.getCell(screen()[row]?.indexOf(text) ?? 0)
		?.getFgColor();
}

const red = 1;
const healthy = like(
	'#  HOP  SEEN  µs  TOOK  PACKET',
	'▸✓ 1  client  yes',
	'✓ 2  *DNAT, DOCKER rule *  yes  *',
	'✓ 3  route *',
	'✓ 4  *docker0  yes  0  *→ 172.17.0.2:80 syn',
	'✓ 5  *veth* yes  *→ 172.17.0.2:80 syn',
	'✓ 6  *eth0  yes  *→ 172.17.0.2:80 syn',
	'✓ 7  port 80/tcp*yes',
	'✓ 8  httpd (*)  yes*first byte after *',
	'✓  the answer* yes *',
);
