import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import type {Path, Snapshot, Trace} from '../../source/model/index.ts';
import {prove} from '../../source/proof/prove.ts';
import {load, parseRecording} from '../../source/recording/load.ts';
import {save} from '../../source/recording/save.ts';
import {recordedSession} from '../../source/session/recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'dockhop-traces-'));
afterAll(() => rmSync(folder, {recursive: true}));

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const six: Snapshot = read('../recordings/six-28.json');
const names = ['lan-published', 'host-through-proxy', 'container-to-container', 'vanished'];
/** Real traces of a real engine, each with the path that it was made of. */
const traces: {path: Path; trace: Trace}[] = names.map(name => read(`../proof/fixtures/${name}.json`));

async function recording(): Promise<string> {
	const file = join(folder, 'traces.json');
	await save({...six, traces: traces.map(({trace}) => trace)}, file);
	return file;
}

describe('a recording with traces', () => {
	test('each proves the same from the file as it did when it was made', async () => {
		const {traces: loaded = []} = await load(await recording());
		expect(loaded).toHaveLength(names.length);
		for (const [index, {path, trace}] of traces.entries()) expect(prove(path, loaded[index] as Trace)).toEqual(prove(path, trace));
	});

	test('the bytes that clients sent are not in it, and what began alike still does', async () => {
		const text = readFileSync(await recording(), 'utf8');
		const sent = traces.flatMap(({trace}) => trace.bytes.map(({hex}) => hex));
		expect(sent.length).toBeGreaterThan(1);
		for (const hex of sent) expect(text).not.toContain(hex.slice(0, 16));
		const masked = parseRecording(text, '').traces?.flatMap(({bytes}) => bytes.map(({hex}) => hex)) ?? [];
		expect(new Set(masked).size).toBe(new Set(sent).size);
		expect(masked.map(hex => hex.length)).toEqual(sent.map(hex => hex.length));
	});

	test('the query of a traced URL is left out', async () => {
		const file = join(folder, 'query.json');
		const [, , {trace} = {trace: {} as Trace}] = traces;
		const send = trace.plan.send && {...trace.plan.send, path: '/login?token=canary'};
		await save({...six, traces: [{...trace, plan: {...trace.plan, send}}]}, file);
		expect(readFileSync(file, 'utf8')).not.toContain('canary');
		expect((await load(file)).traces?.[0]?.plan.send?.path).toBe('/login?…');
	});

	test('a damaged trace says where', () => {
		const [{trace} = {trace: {} as Trace}] = traces;
		const damaged = {...six, traces: [{...trace, packets: [{...trace.packets[0], us: 'soon'}]}]};
		expect(() => parseRecording(JSON.stringify(damaged), 'x.json')).toThrow('x.json is damaged: traces[0].packets[0].us is no number');
	});
});

describe('a session on it', () => {
	const signal = new AbortController().signal;

	test('gives the trace of the same request, whatever ports the new plan would have sent from', async () => {
		const session = recordedSession(await recording());
		await session.ready();
		for (const {trace} of traces.slice(0, 3)) {
			const plan = structuredClone(trace.plan);
			if (plan.send) plan.first.ports = [1, 16];
			expect(session.whyNoTrace(plan)).toBeNull();
			expect((await session.trace(plan, signal)).plan.places).toEqual(trace.plan.places);
		}
	});

	test('says of another request that it has none, and which it has', async () => {
		const session = recordedSession(await recording());
		await session.ready();
		const [{trace} = {trace: {} as Trace}] = traces;
		const plan = {...trace.plan, first: {...trace.plan.first, ports: [99, 99] as [number, number]}};
		expect(session.whyNoTrace(plan)).toMatch(/^the recording holds no trace of this request; it holds lan → 10\.99\.0\.1:8080, host → 127/);
		await expect(session.trace(plan, signal)).rejects.toThrow('holds no trace of this request');
	});

	test('a recording without traces says how one with them is made', async () => {
		const session = recordedSession(new URL('../recordings/six-28.json', import.meta.url).pathname);
		await session.ready();
		const [{trace} = {trace: {} as Trace}] = traces;
		expect(session.whyNoTrace(trace.plan)).toContain('dockhop record FILE --trace TARGET');
	});
});
