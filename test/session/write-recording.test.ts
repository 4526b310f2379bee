import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Needs} from '../../source/model/index.ts';
import {load} from '../../source/recording/load.ts';
import {demoSession, recordedSession} from '../../source/session/recorded.ts';
import {writeRecording} from '../../source/session/write-recording.ts';

const session = recordedSession(fileURLToPath(new URL('../recordings/six-28.json', import.meta.url)));
let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'dockhop-written-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

test('a file that says host and time, for its owner alone, with the traces; the line says where', async () => {
	const traces = (await demoSession().ready()).traces ?? [];
	const line = await writeRecording(session, traces, folder);
	const [name = ''] = readdirSync(folder);
	const {hostName} = await session.ready();
	expect(name).toMatch(new RegExp(`^dockhop-${hostName}-\\d{8}T\\d{6}\\.json$`));
	expect(line).toBe(`wrote ${join(folder, name)}, with ${traces.length} traces: dockhop --replay shows it`);
	expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
	expect((await load(join(folder, name))).traces).toHaveLength(traces.length);
	expect(traces.length).toBeGreaterThan(1);
});

test('what is written is read then: what changed since the last reading, rules of the host too, is in it', async () => {
	const [before, now] = [session, demoSession()];
	let read = before;
	const changed = {
		...before,
		ready: () => read.ready(),
		read: (needs: Needs) => read.read(needs),
		refresh: async () => {
			read = now;
		},
	};
	await writeRecording(changed, [], folder);
	const [name = ''] = readdirSync(folder);
	const {host} = await load(join(folder, name));
	expect(host.rulesets).toEqual((await now.ready()).host.rulesets);
	expect(host.rulesets).not.toEqual((await before.ready()).host.rulesets);
});

test('nothing that is there is written over or through: neither a file, nor a link, nor a link to nothing', async () => {
	await writeRecording(session, [], folder);
	const [first = ''] = readdirSync(folder);
	const stem = basename(first, '.json');
	writeFileSync(join(folder, first), 'mine');
	symlinkSync(join(folder, 'nowhere'), join(folder, `${stem}-2.json`));
	const line = await writeRecording(session, [], folder);
	expect(line).toContain(`${stem}-3.json: `);
	expect(readFileSync(join(folder, first), 'utf8')).toBe('mine');
	expect(readdirSync(folder).sort()).toEqual([first, `${stem}-2.json`, `${stem}-3.json`].sort());
});

test('where it cannot be written nothing is left, and the error says so', async () => {
	await expect(writeRecording(session, [], join(folder, 'none'))).rejects.toThrow(/ENOENT/);
	expect(readdirSync(folder)).toEqual([]);
});
