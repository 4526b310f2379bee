import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, describe, expect, test} from 'vitest';
import {demoText} from '../../source/recording/demo.js';
import {load, parseRecording, RecordingError} from '../../source/recording/load.js';
import {redact} from '../../source/recording/redact.js';
import {save} from '../../source/recording/save.js';

const folder = mkdtempSync(join(tmpdir(), 'dockhop-recording-'));
afterAll(() => rmSync(folder, {recursive: true}));

const recordings = ['six-20', 'six-26', 'six-28'].map(name => new URL(`../recordings/${name}.json`, import.meta.url).pathname);
const [first = ''] = recordings;
const text = readFileSync(first, 'utf8');

test.each(recordings)('%s comes back as it was written', async path => {
	const snapshot = await load(path);
	const copy = join(folder, 'copy.json');
	await save(snapshot, copy);
	expect(await load(copy)).toEqual(snapshot);
});

test('the demo is a recording', async () => {
	const text = await demoText();
	expect(text).not.toBeNull();
	expect(parseRecording(text ?? '', 'the demo').engine.read).toBe(true);
});

describe('saving', () => {
	test('for its owner alone, over what was there, nothing beside it', async () => {
		const path = join(folder, 'mine.json');
		writeFileSync(path, 'old', {mode: 0o644});
		await save(await load(first), path);
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(JSON.parse(readFileSync(path, 'utf8')).schema).toBe('dockhop.snapshot/1');
	});

	test('a link keeps pointing, a device stays one', async () => {
		const snapshot = await load(first);
		symlinkSync(join(folder, 'target.json'), join(folder, 'link.json'));
		writeFileSync(join(folder, 'target.json'), '');
		await save(snapshot, join(folder, 'link.json'));
		expect(readFileSync(join(folder, 'target.json'), 'utf8')).toContain('dockhop.snapshot/1');
		await save(snapshot, '/dev/null');
		expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
	});

	test('a folder that is not there is an error, and leaves nothing', async () => {
		await expect(save(await load(first), join(folder, 'none/x.json'))).rejects.toThrow(/ENOENT/);
	});
});

describe('what cannot be used says so in one line', () => {
	test.each([
		['nothing', '', /is empty/],
		['no JSON', 'hello', /is no JSON/],
		['cut off', text.slice(0, text.length / 2), /is cut off/],
		['other JSON', '{"a": 1}', /no recording of dockhop/],
		['a list', '[1, 2]', /no recording of dockhop/],
		['null', 'null', /no recording of dockhop/],
		['another document of dockhop', '{"schema": "dockhop.flow/1"}', /holds dockhop\.flow\/1, which is no recording/],
		['a newer version', text.replace('dockhop.snapshot/1', 'dockhop.snapshot/2'), /written by a newer dockhop/],
		['a field that is missing', text.replace('"takenAt"', '"takenBy"'), /is damaged: takenAt is no text/],
		['a number that is a text', text.replace(/"mtu": 65536/, '"mtu": "65536"'), /is damaged: host\.links\.value\[0\]\.mtu is no number/],
	])('%s', (_, content, message) => {
		expect(() => parseRecording(content, 'FILE')).toThrow(RecordingError);
		expect(() => parseRecording(content, 'FILE')).toThrow(message);
	});

	test.each([
		['not there', 'none.json', /there is no such file/],
		['a folder', 'folder', /is a folder/],
	])('%s', async (_, name, message) => {
		mkdirSync(join(folder, 'folder'), {recursive: true});
		await expect(load(join(folder, name))).rejects.toThrow(message);
	});
});

test('cut off anywhere, it is a RecordingError and nothing else', () => {
	fc.assert(
		fc.property(fc.integer({min: 0, max: text.trimEnd().length - 1}), end => {
			expect(() => parseRecording(text.slice(0, end), 'FILE')).toThrow(RecordingError);
		}),
		{numRuns: 30},
	);
});

test('with any value in any place, it loads or is a RecordingError', () => {
	const whole = JSON.parse(text);
	const places = placesOf(whole);
	fc.assert(
		fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
			try {
				parseRecording(JSON.stringify(replaced(whole, place, value)), 'FILE');
			} catch (error) {
				expect(error).toBeInstanceOf(RecordingError);
				expect((error as Error).message).not.toContain('\n');
			}
		}),
		{numRuns: 60},
	);
});

test('every string is harmless after loading, rule dumps keep their lines', () => {
	const whole = JSON.parse(text);
	whole.engine.value.containers[0].name = '\u001b[2Jweb';
	whole.host.rulesets.iptables.value = '*filter\n-A INPUT -m comment --comment "\u001b]0;x\u0007" -j DROP\n';
	whole.host.rulesets.nft.value = '{"comment": "\\u001b[31m"}';
	const loaded = JSON.stringify(parseRecording(JSON.stringify(whole), 'FILE'));
	expect(loaded).not.toMatch(/\\u00(0[0-8bcef]|1|7f|9)/);
	const {host} = parseRecording(JSON.stringify(whole), 'FILE');
	expect(host.rulesets.iptables).toMatchObject({value: expect.stringMatching(/^\*filter\n-A INPUT .*\n$/)});
	expect(host.rulesets.nft).toMatchObject({value: '{"comment": "\\ufffd[31m"}'});
});

test('no password leaves in a URL or in a network option', () => {
	const snapshot = parseRecording(text, 'FILE');
	if (!snapshot.engine.read) throw new Error('the recording has an engine');
	const {value} = snapshot.engine;
	const [network] = value.networks;
	const secret = {
		...snapshot,
		engine: {
			...snapshot.engine,
			value: {
				...value,
				url: 'tcp://me:hunter2@192.0.2.1:2376?token=hunter2',
				networks: network ? [{...network, options: {'x.password': 'hunter2', mtu: '1500'}}] : [],
			},
		},
	};
	const written = JSON.stringify(redact(secret));
	expect(written).not.toContain('hunter2');
	expect(written).toContain('tcp://…@192.0.2.1:2376?…');
	expect(written).toContain('1500');
});

function placesOf(value: unknown, place: string[] = []): string[][] {
	if (typeof value !== 'object' || value === null || place.length > 6) return [place];
	return [place, ...Object.entries(value).flatMap(([key, entry]) => placesOf(entry, [...place, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
	if (key === undefined) return by;
	if (Array.isArray(value)) return value.map((entry, index) => (String(index) === key ? replaced(entry, rest, by) : entry));
	const record = value as Record<string, unknown>;
	return {...record, [key]: replaced(record[key], rest, by)};
}
