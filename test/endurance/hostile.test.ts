import {readFileSync} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {commands} from '../../source/commands/index.js';
import {standardOutput} from '../../source/commands/output.js';
import {parse} from '../../source/commands/parse.js';
import {runCommand} from '../../source/commands/run.js';
import {recordedSession} from '../../source/session/recorded.js';
import {type Program, start} from '../terminal/program.js';
import {chance, often, report, seed} from './form.js';
import {asBytes, controlsIn, hostileString, ownSequences} from './hostile-strings.js';

const recordings = ['six-20', 'six-28'].map(name => readFileSync(new URL(`../recordings/${name}.json`, import.meta.url), 'utf8'));
const requests = [
	['networks'],
	['containers'],
	['bridges'],
	['flow', 'www:80', '--from', 'lan', '--rules'],
	['flow', 'web:80', '--from', 'app', '--reply'],
	['flow', ':8080', '--process-first'],
	['doctor'],
];
const total = 10_000;
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'dockhop-hostile-'));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

it(`${total} hostile strings in recordings: no control character is written, nothing crashes`, async () => {
	const random = chance(seed);
	const codes = new Map<number, number>();
	let placed = 0;
	let files = 0;
	for (; placed < total; files++) {
		const file = await hostileRecording(random, files);
		placed += file.placed;
		for (const [index, request] of requests.entries()) {
			const format = ['table', 'markdown', 'json'][(files + index) % 3] as string;
			const {code, stdout, stderr} = await ask([...request, '--format', format, '--replay', file.path]);
			const what = `seed ${seed}, file ${files}, ${request.join(' ')} as ${format}`;
			expect(controlsIn(stdout), what).toEqual([]);
			expect(controlsIn(stderr), what).toEqual([]);
			// An error of the program itself would be told as the failure of the command.
			expect(stderr, what).not.toMatch(/^dockhop: \w+ failed: /m);
			expect([0, 1, 2, 3, 4], what).toContain(code);
			if (format === 'json' && stdout !== '') expect(() => JSON.parse(stdout), what).not.toThrow();
			codes.set(code, (codes.get(code) ?? 0) + 1);
		}
	}
	const ended = [...codes].map(([code, count]) => `${count} × ${code}`).join(', ');
	report(
		`${placed} hostile strings in ${files} recordings, ${files * requests.length} commands (exit codes ${ended}): 0 control characters, 0 crashes (seed ${seed})`,
	);
	// Most of them are shown, not refused.
	expect((codes.get(4) ?? 0) / (files * requests.length)).toBeLessThan(0.5);
}, 600_000);

it('the explorer draws them harmless, too', async () => {
	const random = chance(seed + 1);
	let shown: Program | undefined;
	try {
		for (let file = 0; file < often(1, 8); file++) {
			const {path} = await hostileRecording(random, file);
			shown = start(['--replay', path], {columns: 120, rows: 40});
			await shown.waitFor(/REPLAY/);
			for (const keys of [
				['2', 'down', 'down', 'enter'],
				['down', ']', ']', 'down'],
				['o'],
				['escape', '1', 'down'],
				['?'],
				['escape', 'd'],
			]) {
				shown.press(...keys);
				await shown.settled();
			}
			shown.press('ctrl-c');
			expect(await shown.ended()).toBe(130);
			expect(controlsIn(shown.output().replaceAll(ownSequences, '').replaceAll('\r\n', '\n')), `seed ${seed}, file ${file}`).toEqual([]);
		}
	} finally {
		shown?.stop();
	}
}, 300_000);

/** A recording in which strings that others choose are hostile ones: each name the same at every place where it stands. */
async function hostileRecording(random: () => number, number: number): Promise<{path: string; placed: number}> {
	const value: unknown = JSON.parse(recordings[number % recordings.length] as string);
	const replaced = new Map<string, string>();
	const hostileFor = (text: string) => {
		const known = replaced.get(text) ?? (random() < 0.6 ? `${text}${hostileString(random)}` : text);
		replaced.set(text, known);
		return known;
	};
	const change = (entry: unknown, key: string): unknown => {
		if (typeof entry === 'string') {
			if (!chosenByOthers.has(key)) return entry;
			return key === 'value' || asked.has(entry) ? withHostileLines(entry, key, random, replaced) : hostileFor(entry);
		}
		if (Array.isArray(entry)) return entry.map(one => change(one, key));
		if (typeof entry !== 'object' || entry === null) return entry;
		return Object.fromEntries(Object.entries(entry).map(([name, one]) => [name, change(one, name)]));
	};
	const changed = change(value, '');
	// Once in a while one of a million characters.
	const text = JSON.stringify(changed).replace('"hostName":"', `"hostName":"${number % 16 === 0 ? 'L\\u001b['.repeat(125_000) : ''}`);
	const path = join(folder, `${number}.json`);
	await writeFile(path, asBytes(text));
	return {path, placed: [...replaced].filter(([from, to]) => from !== to).length};
}

/** Names that the requests ask for stay as they are. */
const asked = new Set(['www', 'web', 'app']);
/** Fields whose text comes from containers, networks, servers, programs and rules. */
const chosenByOthers = new Set(
	'name hostname aliases dnsNames names image composeProject composeService extraHosts links hostName error operatingSystem words source command why tell master dev value'.split(
		' ',
	),
);

/** Resolver files and rule dumps: a line or a comment more, of what others wrote into them. */
function withHostileLines(text: string, key: string, random: () => number, replaced: Map<string, string>): string {
	if (key !== 'value' || text === '') return text;
	const hostile = hostileString(random);
	replaced.set(`line ${replaced.size}`, hostile);
	if (text.startsWith('{')) return text;
	if (!text.includes('\n:')) return `${text}\n10.1.2.3 ${hostile.replaceAll('\n', '')}\n`;
	return text.replace(
		/^-A (\S+) /m,
		(rule, chain) => `-A ${chain} -m comment --comment "${hostile.replace(/["\\\n]/g, '')}" -j RETURN\n${rule}`,
	);
}

/** Runs the command line in this process, as on a terminal of 100 columns without colours. */
async function ask(argv: readonly string[]): Promise<{code: number; stdout: string; stderr: string}> {
	const parsed = parse(argv, commands, '0');
	if (parsed.kind !== 'command') throw new Error(`no command: ${argv.join(' ')}`);
	const stdout = Object.assign(new PassThrough(), {isTTY: true, columns: 100});
	const stderr = new PassThrough();
	const streams = {stdout, stderr, env: {LANG: 'C.UTF-8', TERM: 'xterm'}} as never;
	const output = standardOutput({...parsed.options, color: false}, streams);
	const code = await runCommand(parsed, options => recordedSession(options.replay ?? ''), output, new AbortController().signal);
	return {code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '')};
}
