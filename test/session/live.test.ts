import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {Snapshot} from '../../source/model/index.js';
import {liveSession} from '../../source/session/live.js';
import {EngineError, type Session} from '../../source/session/session.js';
import {answersOf} from '../engine-json/answers.js';
import {replayEngine} from './replay-engine.js';

const folder = mkdtempSync(join(tmpdir(), 'dockhop-session-'));
afterAll(() => rmSync(folder, {recursive: true}));

let path = '';
let session: Session | null = null;
let engine: Awaited<ReturnType<typeof replayEngine>> | null = null;
let count = 0;
beforeEach(() => {
	path = join(folder, `${count++}.sock`);
});
afterEach(async () => {
	vi.useRealTimers();
	await session?.close();
	await engine?.stop();
	session = null;
	engine = null;
});

function open(): Session {
	session = liveSession({host: `unix://${path}`, context: null});
	return session;
}

const containersOf = ({engine}: Snapshot) => (engine.read ? engine.value.containers : []);
const webId = answersOf('docker-28.5').containers.find(({Names}) => Names?.includes('/web'))?.Id ?? '';

/** Waits for a state, at most a minute. */
function until(session: Session, holds: () => boolean): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`never: ${JSON.stringify(session.state().link)}`)), 60_000);
		const check = () => {
			if (!holds()) return;
			clearTimeout(timer);
			stop();
			resolve();
		};
		const stop = session.subscribe(check);
		check();
	});
}

/** Lets what comes from outside come in; no clock of a test stops it. */
const turn = () => new Promise(resolve => setImmediate(resolve));

async function turnsUntil(holds: () => boolean): Promise<void> {
	const limit = performance.now() + 60_000;
	while (!holds()) {
		if (performance.now() > limit) throw new Error(`never: ${holds}`);
		await turn();
	}
}

test('each container is inspected once, everything else is asked once', async () => {
	engine = await replayEngine('docker-28.5', path);
	const snapshot = await open().ready();
	expect(containersOf(snapshot)).toHaveLength(answersOf('docker-28.5').containers.length);
	const counted = Map.groupBy(engine.asked, url => url);
	expect([...counted.values()].every(urls => urls.length === 1)).toBe(true);
});

test('the inventory is shown before the kernel is read, and a kernel of another host is never read', async () => {
	engine = await replayEngine('docker-28.5', path);
	const live = open();
	const seen: [boolean, number][] = [];
	live.subscribe(() => seen.push([live.state().reading, live.state().snapshot ? 1 : 0]));
	const {host, vantage} = await live.ready();
	expect(seen[0]).toEqual([true, 1]);
	expect(seen.at(-1)).toEqual([false, 1]);
	expect(vantage.kind).toBe('none');
	expect(host.links).toMatchObject({read: false, gap: {id: expect.stringMatching(/^other-/)}});
});

test('after an event only what it names is inspected again; exec changes nothing', async () => {
	engine = await replayEngine('docker-28.5', path);
	const live = open();
	await live.ready();
	engine.asked.length = 0;
	engine.event({Type: 'container', Action: 'exec_start: ls', Actor: {ID: webId}});
	engine.change(answers => ({
		...answers,
		inspections: answers.inspections.map(one => (one.Id === webId ? {...one, Name: '/renamed'} : one)),
	}));
	engine.event({Type: 'container', Action: 'rename', Actor: {ID: webId, Attributes: {oldName: '/web'}}});
	await until(
		live,
		() => live.state().snapshot !== null && containersOf(live.state().snapshot as Snapshot).some(({name}) => name === 'renamed'),
	);
	await until(live, () => !live.state().reading);
	expect(engine.asked.sort()).toEqual([`/containers/${webId}/json`, '/containers/json', '/networks']);
});

test('after a start it is read again a few times, and then never', async () => {
	engine = await replayEngine('docker-28.5', path);
	const live = open();
	await live.ready();
	engine.asked.length = 0;
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'Date']});
	const started = Date.now() - 2600;
	engine.change(answers => ({
		...answers,
		inspections: answers.inspections.map(one =>
			one.Id === webId ? {...one, State: {...one.State, StartedAt: new Date(started).toISOString()}} : one,
		),
	}));
	engine.event({Type: 'container', Action: 'start', Actor: {ID: webId}});
	const {asked} = engine;
	const lists = () => asked.filter(url => url === '/containers/json').length;
	const isQuiet = (known: number) => lists() === known && !live.state().reading && vi.getTimerCount() > 0;
	const ages: number[] = [];
	let {snapshot} = live.state();
	for (const known of [0, 1, 2]) {
		// The engine's answers come over a real socket: the clock stands still meanwhile.
		await turnsUntil(() => isQuiet(known));
		snapshot = live.state().snapshot;
		await vi.advanceTimersToNextTimerAsync();
		await turnsUntil(() => lists() > known);
		ages.push(Date.now() - started);
	}
	// By the event, once it has been quiet for a moment, and when the container is 3 and 8 seconds old.
	expect(ages.map(age => Math.floor(age / 1000))).toEqual([2, 3, 8]);
	await turnsUntil(() => live.state().snapshot !== snapshot && !live.state().reading);
	await turn();
	expect(vi.getTimerCount(), 'timers that could read once more').toBe(0);
	expect(asked.filter(url => url === `/containers/${webId}/json`)).toHaveLength(1);
});

test('once: whatever happens meanwhile, what was read stays, and nothing is asked again', async () => {
	engine = await replayEngine('docker-28.5', path);
	engine.change(answers => ({
		...answers,
		inspections: answers.inspections.map(one => ({...one, State: {...one.State, StartedAt: new Date(Date.now() - 500).toISOString()}})),
	}));
	session = liveSession({host: `unix://${path}`, context: null, once: true});
	const {takenAt} = await session.ready();
	await session.read({containers: [webId], names: [], hostSockets: true});
	engine.asked.length = 0;
	engine.event({Type: 'container', Action: 'die', Actor: {ID: webId}});
	await new Promise(resolve => setTimeout(resolve, 1500));
	const later = await session.read({containers: [], names: [], hostSockets: false});
	expect([later.takenAt, Object.keys(later.containers), engine.asked]).toEqual([takenAt, [webId], []]);
	await session.refresh();
	expect(engine.asked).toContain('/containers/json');
});

test('a container that goes away between list and inspection is left out', async () => {
	engine = await replayEngine('docker-28.5', path);
	engine.change(answers => ({...answers, inspections: answers.inspections.filter(({Id}) => Id !== webId)}));
	expect(containersOf(await open().ready()).map(({name}) => name)).not.toContain('web');
});

test('no engine: ready rejects with what was tried, and the session finds it when it comes', async () => {
	const live = open();
	const error = await live.ready().catch(error => error);
	expect(error).toBeInstanceOf(EngineError);
	expect(error.message).toContain('there is no such socket');
	expect(error.tried).toEqual([{what: '--host', result: `unix://${path}: there is no such socket`}]);
	expect(live.state().link).toMatchObject({kind: 'lost', advice: error.advice, nextTry: expect.stringMatching(/^2/)});
	engine = await replayEngine('docker-28.5', path);
	await until(live, () => live.state().link.kind === 'connected');
	expect(containersOf(await live.ready())).not.toHaveLength(0);
});

test('a lost engine leaves its last snapshot on the screen, and is found again', async () => {
	engine = await replayEngine('docker-28.5', path);
	const live = open();
	await live.ready();
	await engine.stop();
	await until(live, () => live.state().link.kind === 'lost');
	expect(live.state().snapshot).not.toBeNull();
	engine = await replayEngine('docker-26.1', path);
	await until(live, () => live.state().link.kind === 'connected' && !live.state().reading);
	expect((await live.ready()).engine).toMatchObject({value: {version: '26.1.5+dfsg1'}});
});

test('refresh reads all again', async () => {
	engine = await replayEngine('docker-28.5', path);
	const live = open();
	const before = await live.ready();
	engine.asked.length = 0;
	await live.refresh();
	expect(live.state().snapshot).not.toBe(before);
	expect(engine.asked).toContain('/info');
	expect(engine.asked.filter(url => /^\/containers\/\w{64}/.test(url))).toHaveLength(containersOf(before).length);
});

test('what was asked for is read once, and told once', async () => {
	engine = await replayEngine('docker-28.5', path);
	const live = open();
	await live.ready();
	let changes = 0;
	live.subscribe(() => changes++);
	const needs = {containers: [webId], names: [], hostSockets: true};
	const first = await live.read(needs);
	expect(first.containers[webId]?.netns.links).toMatchObject({read: false});
	expect(await live.read(needs)).toBe(first);
	expect(changes).toBe(1);
});

test('an engine that forbids its events is read all the same', async () => {
	const {createServer} = await import('node:http');
	const answers = answersOf('docker-28.5');
	const known: Record<string, unknown> = {'/version': answers.version, '/info': answers.info, '/networks': [], '/containers/json': []};
	const proxy = createServer((request, response) => {
		const found = known[new URL(request.url ?? '', 'http://x').pathname];
		response.writeHead(found ? 200 : 403).end(JSON.stringify(found ?? {message: 'forbidden'}));
	});
	await new Promise<void>(resolve => proxy.listen(path, resolve));
	const live = open();
	expect((await live.ready()).engine.read).toBe(true);
	expect(live.state().link.kind).toBe('connected');
	await live.close();
	proxy.closeAllConnections();
	proxy.close();
});
