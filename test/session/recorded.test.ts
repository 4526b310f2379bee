import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import type {FlowRequest, Needs, ProbePlan} from '../../source/model/index.js';
import type {Explanation} from '../../source/path/explanation.js';
import {follow} from '../../source/session/follow.js';
import {demoSession, recordedSession} from '../../source/session/recorded.js';
import {EngineError} from '../../source/session/session.js';

const file = new URL('../recordings/six-28.json', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'dockhop-recorded-'));
afterAll(() => rmSync(folder, {recursive: true}));

test('the same face as a live host, without probes', async () => {
	const session = recordedSession(file);
	const snapshot = await session.ready();
	expect(session.kind).toBe('replay');
	expect(session.state()).toEqual({snapshot, link: {kind: 'connected'}, reading: false});
	expect(session.whyNoProbe).toBe('a recording cannot be probed');
	await expect(session.probe({} as ProbePlan, new AbortController().signal)).rejects.toThrow('cannot be probed');
	expect(demoSession().kind).toBe('demo');
});

test('what it lacks is a gap "not-recorded"; what it has stays', async () => {
	const whole = JSON.parse(readFileSync(file, 'utf8'));
	const [kept = '', lost = ''] = Object.keys(whole.containers);
	delete whole.containers[lost];
	whole.host.sockets = {read: false, gap: {id: 'not-read', why: 'not asked for', tell: ''}};
	const path = join(folder, 'less.json');
	writeFileSync(path, JSON.stringify(whole));
	const snapshot = await recordedSession(path).read({containers: [kept, lost], names: [], hostSockets: true});
	expect(snapshot.containers[kept]?.netns.links.read).toBe(true);
	expect(snapshot.containers[lost]?.netns.links).toMatchObject({read: false, gap: {id: 'not-recorded'}});
	expect(snapshot.host.sockets).toMatchObject({read: false, gap: {id: 'not-recorded'}});
});

test('a file that cannot be used is an EngineError of one line', async () => {
	const path = join(folder, 'bad.json');
	writeFileSync(path, '{"schema": "dockhop.snapshot/9"}');
	const session = recordedSession(path);
	const error = await session.ready().catch(error => error);
	expect(error).toBeInstanceOf(EngineError);
	expect(error.message).toContain('newer dockhop');
	expect(session.state().link).toMatchObject({kind: 'lost', nextTry: null});
});

const request = {} as FlowRequest;
const nothing: Needs = {containers: [], names: [], hostSockets: false};
const explanation = (needs: Needs) => ({needs}) as Explanation;

test('follow reads what is needed until nothing is', async () => {
	const session = recordedSession(file);
	const rounds: Needs[] = [{...nothing, hostSockets: true}, {...nothing, containers: ['gone']}, nothing];
	let round = 0;
	const {snapshot} = await follow(session, request, () => explanation(rounds[round++] ?? nothing));
	expect(round).toBe(3);
	expect(snapshot.containers.gone?.main).toMatchObject({read: false, gap: {id: 'not-recorded'}});
});

test('follow ends where the same need comes again, and after five rounds', async () => {
	const session = recordedSession(file);
	let round = 0;
	await follow(session, request, () => {
		round++;
		return explanation({...nothing, hostSockets: true});
	});
	expect(round).toBe(2);
	round = 0;
	await follow(session, request, () => explanation({...nothing, containers: [`c${round++}`]}));
	expect(round).toBe(6);
});

test('follow gives a usage error as it is', async () => {
	const {explanation} = await follow(recordedSession(file), request, () => ({usage: 'no such container'}));
	expect(explanation).toEqual({usage: 'no such container'});
});
