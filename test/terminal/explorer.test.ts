import {mkdtempSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect} from 'vitest';
import {type Open, test} from './opened.js';
import type {Program, Settings} from './program.js';

const recording = fileURLToPath(new URL('../recordings/six-28.json', import.meta.url));
/** The explorer on the recording, once it shows the containers. */
async function explorer(open: Open, settings: Settings = {}): Promise<Program> {
	const program = open(['--replay', recording], settings);
	await program.waitFor('172.18.0.0/16');
	return program;
}

/** The flow of a request to web, once it is explained. */
async function flow(open: Open, settings: Settings = {}): Promise<Program> {
	const shown = await explorer(open, settings);
	shown.press(':', 'web:80 from lan', 'enter');
	await shown.waitFor('httpd (');
	await shown.settled();
	return shown;
}

test('a terminal that cannot be drawn on is refused in one line that names the commands with plain text', async ({open}) => {
	const program = open(['--replay', recording], {under: ['env', 'TERM=dumb']});
	expect(await program.ended()).toBe(2);
	expect(program.output()).toMatch(/^dockhop: the explorer needs a terminal that .* \(TERM is dumb\); networks, containers, [^\r\n]*\r\n$/);
});

test('what is typed while it starts is echoed before the screen is its own, and moves nothing on it', async ({open}) => {
	const program = open(['--replay', recording], {under: ['sh', '-c', 'sleep 0.5; exec "$@"', 'sh']});
	program.press('jjjjj');
	await program.waitFor('172.18.0.0/16');
	await program.settled();
	expect(program.output()).toContain('jjjjj');
	expect(program.screen()[0]).toMatch(/^ dockhop {2}\S.* REPLAY of [\d-]+ [\d:]+$/);
});

test('what is typed behind : is never taken for keys, also before the engine has answered', async ({open}) => {
	const socket = join(mkdtempSync(join(tmpdir(), 'dockhop-silent-')), 'silent.sock');
	const silent = createServer(() => {}).listen(socket);
	const program = open(['--host', `unix://${socket}`]);
	await program.waitFor('asking the engine…');
	program.press(':', 'http://web/ from app');
	await program.waitFor(':http://web/ from app');
	program.press('enter');
	await program.waitFor('reading what lies on the way…');
	program.press('q');
	expect(await program.ended()).toBe(0);
	silent.close();
});

describe('ending', () => {
	const left = '\u001b[?1049l';

	test('q restores the terminal and leaves nothing behind', async ({open}) => {
		const shown = await explorer(open, {under: ['sh', '-c', 'stty -g; "$@"; echo "code=$?"; stty -g', 'sh']});
		expect(shown.alternate()).toBe(true);
		shown.press('q');
		await shown.ended();
		expect(shown.alternate()).toBe(false);
		const [before, code, after, ...more] = shown.screen().filter(line => line !== '');
		expect([code, after, more]).toEqual(['code=0', before, []]);
	});

	test.for([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const)('%s restores the terminal', async ([signal, code], {open}) => {
		const shown = await explorer(open);
		shown.signal(signal);
		expect(await shown.ended()).toBe(code);
		expect(shown.alternate()).toBe(false);
		const end = shown.output().slice(shown.output().indexOf(left));
		expect(end).toContain('\u001b[?25h');
		expect(shown.output()).toContain('\u001b[?2004l');
		expect(shown.screen().join('')).toBe('');
	});

	test('ctrl-c ends with 130', async ({open}) => {
		const shown = await explorer(open);
		shown.press('ctrl-c');
		expect(await shown.ended()).toBe(130);
		expect(shown.alternate()).toBe(false);
	});

	test.for([
		['an exception', "throw new Error('boom')"],
		['an unhandled rejection', "Promise.reject(new Error('boom'))"],
	])('%s restores the terminal and is one line', async ([, fault], {open}) => {
		const later = `data:text/javascript,process.on('SIGUSR2',()=>{${fault}})`;
		const shown = await explorer(open, {env: {NODE_OPTIONS: `--import=${encodeURI(later)}`}});
		expect(shown.alternate()).toBe(true);
		shown.signal('SIGUSR2');
		expect(await shown.ended()).toBe(1);
		expect(shown.alternate()).toBe(false);
		expect(shown.screen().filter(line => line !== '')).toEqual(['dockhop: boom']);
	});

	test('ctrl-z gives the terminal to the shell, fg takes it again', async ({open}) => {
		const jobs = 'set -m; "$@"; echo "stopped=$?"; read -r _; fg >/dev/null; echo "code=$?"';
		const shown = await explorer(open, {under: ['bash', '-c', jobs, 'bash']});
		shown.press('ctrl-z');
		await shown.waitFor('stopped=148');
		expect(shown.alternate()).toBe(false);
		shown.press('enter');
		await shown.waitFor('172.18.0.0/16');
		expect(shown.alternate()).toBe(true);
		shown.press('q');
		await shown.waitFor('code=0');
	});

	test('a terminal that is gone ends it quietly', async ({open}) => {
		const shown = await explorer(open);
		shown.hangUp();
		expect(await shown.ended()).toBeGreaterThan(0);
	});

	test('Q leaves the path in the scrollback', async ({open}) => {
		const shown = await flow(open);
		shown.press('Q');
		expect(await shown.ended()).toBe(0);
		expect(shown.alternate()).toBe(false);
		expect(shown.screen()[0]).toMatch(/^lan → web:.* on /);
		expect(shown.screen().some(line => line.startsWith('delivered:'))).toBe(true);
	});

	test('a recording that cannot be read is one line, and no screen is left', async ({open}) => {
		const program = open(['--replay', '/nonexistent.json']);
		expect(await program.ended()).toBe(4);
		expect(program.alternate()).toBe(false);
		expect(program.screen().filter(line => line !== '')).toHaveLength(1);
	});
});

test('on the bundled demo', async ({open}) => {
	const program = open(['--demo']);
	await program.waitFor(/DEMO of 20/);
	program.press('2', 'enter');
	await program.waitFor(/3 Request flow {2}|type the one to ask for|Ports of/);
});

describe('the screen', () => {
	test('fits 80×24 and 120×40 to the last column and row', async ({open}) => {
		for (const [columns, rows] of [
			[80, 24],
			[120, 40],
		] as const) {
			const shown = await flow(open, {columns, rows});
			const lines = shown.screen();
			expect(lines).toHaveLength(rows);
			expect(lines[0]).toMatch(/^ dockhop /);
			expect(lines[1]).toMatch(columns === 80 ? /^┏.*┓$/ : /^┌.*┐┏.*┓$/);
			expect(lines[1]).toHaveLength(columns);
			expect(lines.at(-1)).toContain('? help');
			shown.stop();
		}
	});

	test('follows a resize, down to the size it needs and back', async ({open}) => {
		const shown = await explorer(open);
		shown.resize(80, 24);
		await shown.waitFor(/┏━ 1 Networks ━{40,}/);
		await shown.settled();
		expect(shown.screen().join('\n')).not.toContain('2 Containers');
		shown.resize(30, 8);
		await shown.waitFor('needs 40x10');
		shown.resize(140, 45);
		await shown.waitFor('4 Probes');
		await shown.settled();
		expect(shown.screen()[1]).toHaveLength(140);
	});

	test('says that it is a recording, and of when', async ({open}) => {
		const shown = await explorer(open);
		expect(shown.screen()[0]).toMatch(/REPLAY of 20\d\d-\d\d-\d\d \d\d:\d\d$/);
	});

	test('--ascii draws nothing else', async ({open}) => {
		const program = open(['--replay', recording, '--ascii']);
		await program.waitFor('172.18.0.0/16');
		program.press(':', 'web:80 from lan', 'enter');
		await program.waitFor('process');
		await program.settled();
		expect(program.screen().join('')).toMatch(/^[\x20-\x7e]*$/);
	});

	test('NO_COLOR: no colour is written', async ({open}) => {
		const shown = await flow(open, {env: {NO_COLOR: '1'}});
		// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR starts with ESC.
		expect(shown.output()).not.toMatch(/\u001b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|38|48)(?:;\d+)*m/);
	});
});

describe('keys', () => {
	test('from the networks to the flow of a container', async ({open}) => {
		const shown = await explorer(open);
		shown.press('down', 'enter');
		await shown.waitFor('2 Containers on appnet');
		shown.press('down');
		await shown.waitFor(/▸.? web/);
		shown.press('enter');
		await shown.waitFor('3 Request flow  lan → web:');
	});

	test('the menu of requests takes its own keys', async ({open}) => {
		const shown = await explorer(open);
		shown.press('2', '/', 'web', 'enter');
		await shown.waitFor('/web');
		shown.press('o');
		await shown.waitFor('Requests to web');
		shown.press('down', 'down', 'down', 'enter');
		await shown.waitFor('3 Request flow  web → 127.0.0.1:80');
	});

	test('a paste launches nothing, and goes into a line that is typed', async ({open}) => {
		const shown = await explorer(open);
		shown.paste('ptq');
		shown.press('?');
		await shown.waitFor('esc closes');
		shown.press('escape');
		await shown.waitFor('1 Networks');
		shown.press(':');
		await shown.waitFor('TARGET [from ORIGIN]');
		shown.paste('web:80\nfrom app');
		await shown.waitFor(':web:80 from app');
	});

	test('keys that come in one piece are taken one by one', async ({open}) => {
		const shown = await explorer(open);
		shown.press('2jj');
		await shown.waitFor(/┏━ 2 Containers/);
		await shown.settled();
		const rows = shown.screen().filter(line => line.startsWith('┃'));
		expect(rows.findIndex(line => line.includes('▸'))).toBe(3);
	});

	test('p says why a recording cannot be probed', async ({open}) => {
		const shown = await flow(open);
		shown.press('p');
		await shown.waitFor('a recording cannot be probed');
	});

	test('y copies through the terminal', async ({open}) => {
		const shown = await flow(open, {env: {TMUX: '/tmp/tmux,1,0'}});
		shown.press('Y');
		await shown.waitFor('copied: the path as text');
		expect(shown.output()).toContain('\u001bPtmux;\u001b\u001b]52;c;');
	});
});
