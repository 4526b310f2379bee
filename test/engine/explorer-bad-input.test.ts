import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {engines} from '../lab/engines.ts';
import {sceneSix} from '../lab/scene-six.ts';
import {useLab} from '../lab/use-lab.ts';
import type {Program} from '../terminal/program.ts';
import {ready, startOn} from './lab-explorer.ts';

const engine = engines.at(-1) as (typeof engines)[number];

describe(`bad input on engine ${engine}`, () => {
	const lab = useLab({engine}, sceneSix);
	let shown: Program | undefined;
	afterEach(() => shown?.stop());
	const file = (name: string) => join(lab().folder, name);
	beforeAll(async () => {
		await lab().docker('run', '-d', '--name', 'two', '-p', '9001:81', '-p', '9002:82', 'tiny', '/tiny', 'serve', ':81', ':82');
		await lab().dockhop('record', file('whole.json'));
		const whole = await lab().host(['cat', file('whole.json')]);
		await writeFile(file('half.json'), whole.stdout.slice(0, whole.stdout.length / 2));
		await writeFile(file('foreign.json'), '{"schema": "other/1", "containers": []}');
	});

	it.each([
		[2, ['flow', 'nobody:80'], /no container is called 'nobody'/],
		[2, ['flow', 'wwww:80'], /did you mean www\?/],
		[2, ['flow', 'www:80', '--from', 'nobody'], /no container is called 'nobody'/],
		[2, ['flow', 'hosty'], /hosty publishes and exposes no .*port: write hosty:PORT/],
		[2, ['probe', 'two'], /two .*81.*82/],
		[2, ['flow', 'web:99999'], /from 1 to 65535/],
		[2, ['flow'], /missing required argument 'TARGET'/],
		[2, ['flow', 'web:80', '--timeout', 'soon'], /number of seconds/],
		[2, ['nonsense'], /unknown command 'nonsense'/],
		[2, [], /the explorer needs a terminal/],
		[4, ['containers', '--host', 'unix:///nonexistent.sock'], /there is no such socket/],
		[4, ['flow', 'www:80', '--host', 'tcp://127.0.0.1:1'], /connection refused/],
		[4, ['networks', '--context', 'nonexistent'], /no Docker context nonexistent/],
		[4, ['--replay', 'nonexistent.json', 'containers'], /there is no such file/],
		[4, ['--replay', '/etc/passwd', 'containers'], /is no JSON/],
	] as const)('exit %i: dockhop %j, one line that says what', async (code, args, line) => {
		const ran = await lab().dockhop(...args);
		expect([ran.code, ran.stdout]).toEqual([code, '']);
		expect(ran.stderr).toMatch(/^dockhop: [^\n]+\n$/);
		expect(ran.stderr).toMatch(line);
	});

	it.each([
		['half.json', /cut off/],
		['foreign.json', /other\/1, which is no recording/],
	])('a recording that is %s: one line and exit 4, also for the explorer', async (name, line) => {
		const ran = await lab().dockhop('--replay', file(name), 'flow', 'www:80');
		expect([ran.code, ran.stdout]).toEqual([4, '']);
		expect(ran.stderr).toMatch(line);
		shown = startOn(lab(), ['--replay', file(name)]);
		expect(await shown.ended()).toBe(4);
		expect(shown.alternate()).toBe(false);
		expect(shown.screen().join('')).toMatch(line);
	});

	it('a port that is given is never unknown, nor is a name in a URL that does not resolve', async () => {
		expect((await lab().dockhop('flow', 'web:4242')).code).toBe(1);
		expect((await lab().dockhop('flow', 'http://nowhere.invalid/', '--from', 'app')).code).toBe(1);
	});

	it.each([
		[1, 1],
		[39, 9],
		[400, 5],
		[20, 200],
	])('a terminal of %i×%i: the explorer says which size it needs, and goes on when it has it', async (columns, rows) => {
		shown = startOn(lab(), [], {columns, rows});
		if (columns > 12) await shown.waitFor('40x10');
		else await shown.settled();
		shown.resize(100, 30);
		await ready(shown);
		shown.press('q');
		expect(await shown.ended()).toBe(0);
		expect(shown.alternate()).toBe(false);
	});

	it('a terminal of 500×200 is filled', async () => {
		shown = startOn(lab(), [], {columns: 500, rows: 200});
		await ready(shown);
		expect(shown.screen()[0]).toMatch(/^ dockhop /);
		expect(shown.screen().at(-1)).toContain('? help');
		shown.press('q');
		expect(await shown.ended()).toBe(0);
	});

	it('a table in a terminal of one column is still a table', async () => {
		shown = startOn(lab(), ['flow', 'www:80', '--from', 'lan'], {columns: 1, rows: 1});
		expect(await shown.ended()).toBe(0);
	});

	it('an engine that answers nothing: one line, in time', async () => {
		const silent = lab().start('host', [`${lab().folder}/images/tiny.bin`, 'serve', '--noaccept', '127.0.0.1:2375']);
		await silent.until(async () => (await lab().host(['ss', '-ltnH', 'sport = 2375'])).stdout !== '', 5000);
		const began = Date.now();
		const ran = await lab().dockhop('containers', '--host', 'tcp://127.0.0.1:2375');
		expect([ran.code, ran.stdout]).toEqual([4, '']);
		expect(ran.stderr).toMatch(/^dockhop: [^\n]*no answer in time[^\n]*\n$/);
		expect(Date.now() - began).toBeLessThan(30_000);
		await silent.stop();
	});
});
