import {fileURLToPath} from 'node:url';
import {expect, test, vi} from 'vitest';
import type {FlowRequest} from '../../source/model/index.js';
import {explain} from '../../source/path/explain.js';
import {follow} from '../../source/session/follow.js';
import {recordedSession} from '../../source/session/recorded.js';
import type {Session} from '../../source/session/session.js';
import {createPerformer, type World} from '../../source/ui/perform.js';
import {loadProof} from '../../source/ui/proof-tools.js';
import {initialState} from '../../source/ui/state/state.js';
import {createStore} from '../../source/ui/store.js';
import {eventually} from './eventually.js';

const file = fileURLToPath(new URL('../recordings/six-28.json', import.meta.url));
const fromApp = (name: string): FlowRequest => ({
	origin: {kind: 'container', name: 'app'},
	target: {kind: 'container', name, port: 80, proto: 'tcp'},
	family: null,
});

async function performing(change: Partial<Session> = {}) {
	const session: Session = {...recordedSession(file), ...change};
	await session.ready();
	const {kind, whyNoProbe} = session;
	const store = createStore(initialState({kind, whyNoProbe, canDemo: false, ...session.state()}, {columns: 120, rows: 40}));
	const world: World = {
		session,
		follow: vi.fn((of, request) => follow(of, request, explain)),
		copy: vi.fn(),
		record: vi.fn(async () => 'wrote it'),
		suspend: vi.fn(),
		lend: vi.fn(async () => {}),
		quit: vi.fn(),
		demo: vi.fn(),
		proof: loadProof,
		motion: false,
		now: () => new Date(),
		timeoutSeconds: 5,
	};
	return {store, world, performer: createPerformer(store, world)};
}

test('a request is followed and shown', async () => {
	const {store, performer} = await performing();
	const request = fromApp('web');
	store.dispatch({type: 'asked', request});
	performer.perform({type: 'follow', request});
	await eventually(() => expect(store.state().flow.asking).toBe(false));
	expect(store.state().flow.explanation?.path.to.name).toBe('web');
});

test('one that cannot be asked is said on the screen', async () => {
	const {store, performer} = await performing();
	const request = fromApp('nobody');
	store.dispatch({type: 'asked', request});
	performer.perform({type: 'follow', request});
	await eventually(() => expect(store.state().flow.usage).toContain('nobody'));
});

test('a change of the session that the question itself made asks nothing anew', async () => {
	const {store, world, performer} = await performing();
	const request = fromApp('web');
	store.dispatch({type: 'asked', request});
	performer.perform({type: 'follow', request});
	await eventually(() => expect(store.state().flow.asking).toBe(false));
	performer.sessionChanged();
	expect(world.follow).toHaveBeenCalledTimes(1);
});

test('a new snapshot explains the open request anew', async () => {
	const {store, world, performer} = await performing();
	const request = fromApp('web');
	store.dispatch({type: 'asked', request});
	performer.perform({type: 'follow', request});
	await eventually(() => expect(store.state().flow.asking).toBe(false));
	const before = world.session.state();
	world.session.state = () => ({...before, snapshot: before.snapshot && {...before.snapshot, takenAt: '2030-01-01T00:00:00Z'}});
	performer.sessionChanged();
	await eventually(() => expect(world.follow).toHaveBeenCalledTimes(2));
	await eventually(() => expect(store.state().flow.asking).toBe(false));
});

test('a probe that is cancelled ends, and says so', async () => {
	const waits: Session['probe'] = (_, signal) =>
		new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason), {once: true});
		});
	const {store, performer} = await performing({whyNoProbe: null, probe: waits});
	performer.perform({type: 'probeRequest', request: fromApp('web')});
	await eventually(() => expect(store.state().probes.runs[0]?.outcome.kind).toBe('running'));
	expect(store.state().probes.runs[0]).toMatchObject({from: 'app', plan: {host: 'web', port: 80}});
	performer.perform({type: 'cancelProbe'});
	await eventually(() => expect(store.state().probes.runs[0]?.outcome).toEqual({kind: 'cancelled'}));
});

test('one that cannot be launched says why', async () => {
	const {store, performer} = await performing();
	performer.perform({type: 'probeRequest', request: fromApp('web')});
	await eventually(() => expect(store.state().probes.runs[0]?.outcome).toEqual({kind: 'failed', why: 'a recording cannot be probed'}));
});

test('Q leaves the path as text', async () => {
	const {store, world, performer} = await performing();
	const request = fromApp('web');
	store.dispatch({type: 'asked', request});
	performer.perform({type: 'follow', request});
	await eventually(() => expect(store.state().flow.asking).toBe(false));
	performer.perform({type: 'quit', code: 0, leave: store.state().flow.explanation?.path ?? null});
	expect(world.quit).toHaveBeenCalledWith(0, expect.arrayContaining([expect.stringMatching(/^app → web/)]));
});

test('a shell is lent the terminal, and what changed meanwhile is read; where there is none, the note says why', async () => {
	const refresh = vi.fn(async () => {});
	const {world, performer} = await performing({shell: async id => ({argv: ['enter', id, 'sh']}), refresh});
	performer.perform({type: 'shell', container: 'id', name: 'www'});
	await eventually(() => expect(refresh).toHaveBeenCalledOnce());
	expect(world.lend).toHaveBeenCalledExactlyOnceWith(['enter', 'id', 'sh'], expect.stringContaining('network namespace of www'));

	const recorded = await performing();
	recorded.performer.perform({type: 'shell', container: 'id', name: 'www'});
	await eventually(() => expect(recorded.store.state().note).toBe('no shell there: a recording has no network namespace to enter'));
	expect(recorded.world.lend).not.toHaveBeenCalled();
});

test('w says where the recording was written, or why not', async () => {
	const {store, world, performer} = await performing();
	performer.perform({type: 'record'});
	await eventually(() => expect(store.state().note).toBe('wrote it'));
	expect(world.record).toHaveBeenCalledWith(world.session, []);
	world.record = () => Promise.reject(new Error('EACCES: permission denied'));
	performer.perform({type: 'record'});
	await eventually(() => expect(store.state().note).toBe('no recording: EACCES: permission denied'));
});
