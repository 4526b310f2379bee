import {afterEach, describe, expect, test} from 'vitest';
import {App} from '../../source/ui/app.js';
import type {Size} from '../../source/ui/layout.js';
import {reduce} from '../../source/ui/state/reduce.js';
import type {State} from '../../source/ui/state/state.js';
import {createStore, type Store} from '../../source/ui/store.js';
import {eventually} from './eventually.js';
import {explorerOn, press, six} from './pressing.js';
import {renderAt, type Screen} from './render-at.js';

const look = {ascii: false, color: true};
let screen: Screen | undefined;
afterEach(() => screen?.unmount());

async function shown(state: State, size: Size = {columns: 80, rows: 24}): Promise<string[]> {
	return (await drawn(createStore(reduce(state, {type: 'resized', size})))).lines();
}

async function drawn(store: Store): Promise<Screen> {
	const {columns, rows} = store.state().size;
	screen = await renderAt(columns, rows, <App store={store} look={look} family={null} carryOut={() => {}} />);
	return screen;
}

function with_(state: State, session: Partial<State['session']>): State {
	return {...state, session: {...state.session, ...session}};
}

describe('states without rows', () => {
	test('before the engine has answered the panes stand there', async () => {
		const lines = await shown(with_(explorerOn(null), {link: {kind: 'connecting'}}));
		expect(lines[0]).toContain('asking the engine…');
		expect(lines[1]).toMatch(/^┏━ 1 Networks ━+ 0 ━┓$/);
	});

	test('no containers yet', async () => {
		if (!six.engine.read) throw new Error('the recording has no engine');
		const none = {...six, engine: {...six.engine, value: {...six.engine.value, containers: []}}};
		const lines = await shown(press(explorerOn(none), '2').state);
		expect(lines.join('\n')).toContain('No containers yet:  docker run -d -p 8080:80 nginx');
		expect(lines.join('\n')).toContain('⏎ look at the demo recording');
		expect(press(explorerOn(none), '2', 'enter').effects).toEqual([{type: 'demo'}]);
	});

	test('no engine: what was tried, what helps, and a menu', async () => {
		const link: State['session']['link'] = {
			kind: 'lost',
			since: '2026-01-01T12:00:00Z',
			reason: 'permission denied',
			tried: [{what: 'DOCKER_HOST', result: 'not set'}],
			advice: ['sudo dockhop reads the rules of the firewall as well'],
			nextTry: null,
		};
		const text = (await shown(with_(explorerOn(null), {link}))).join('\n');
		for (const words of [
			'No Docker Engine answers',
			'permission denied',
			'DOCKER_HOST   not set',
			'sudo dockhop',
			'▸ Try again (r)',
			'Quit (q)',
		]) {
			expect(text).toContain(words);
		}
	});

	test('an engine that is lost: what is shown has an age', async () => {
		const link = {
			kind: 'lost',
			since: new Date(2026, 0, 1, 12, 30).toISOString(),
			reason: '',
			tried: [],
			advice: [],
			nextTry: null,
		} as const;
		const lines = await shown(with_(explorerOn(), {link: {...link, tried: [], advice: []}}), {columns: 140, rows: 40});
		expect(lines[0]).toMatch(/engine lost at 12:30:00: as of \d\d:\d\d:\d\d$/);
		expect(lines.join('\n')).toContain('appnet');
	});
});

test('a menu lies over the panes', async () => {
	const state = press(explorerOn(), '2', '/', ...'web', 'enter', 'o').state;
	const lines = await shown(state);
	expect(lines.some(line => line.includes('━ Requests to web ━'))).toBe(true);
	expect(lines.some(line => line.includes('▸ host → 127.0.0.1:8081'))).toBe(true);
	expect(lines.at(-1)).toBe(' ↑↓ move  ⏎ 1-9 choose  esc back');
});

test('at every size each line is as wide as the screen or shorter, and the last row is the footer', async () => {
	for (const [columns, rows] of [
		[40, 10],
		[60, 20],
		[80, 24],
		[119, 31],
		[120, 16],
		[120, 40],
		[200, 60],
	] as const) {
		const lines = await shown(press(explorerOn(), '2').state, {columns, rows});
		expect(lines.filter(line => [...line].length > columns)).toEqual([]);
		expect(lines.at(-1)).toMatch(/^ ↑↓ move {2}←→ pane/);
		expect(lines.at(-1)).toContain('? help');
		screen?.unmount();
	}
});

test('the question before a trace fits every size, its choices too', async () => {
	for (const [columns, rows] of [
		[40, 10],
		[60, 15],
		[80, 24],
		[120, 40],
	] as const) {
		const asked = reduce(explorerOn(), {type: 'resized', size: {columns, rows}});
		const lines = await shown({...asked, mode: {kind: 'agree', anybody: false, index: 0}}, {columns, rows});
		expect(lines.join('\n')).toMatch(/┏━ Trace ━[\s\S]*It sends[\s\S]*▸ Trace it[\s\S]*Not now[\s\S]*┗━/);
		expect(lines.at(-1)).toBe(' ↑↓ move  ⏎ 1-9 choose  esc back');
		screen?.unmount();
	}
});

test('hundreds of containers cost no more than the window', async () => {
	if (!six.engine.read) throw new Error('the recording has no engine');
	const [one] = six.engine.value.containers;
	if (!one) throw new Error('the recording has no container');
	const containers = Array.from({length: 1000}, (_, index) => ({...one, id: `id${index}`, name: `name-${index}`}));
	const many = {...six, engine: {...six.engine, value: {...six.engine.value, containers}}};
	const store = createStore(press(explorerOn(many), '2').state);
	const {written, lines} = await drawn(store);
	expect(lines().join('\n')).toContain('more below');
	written();
	store.dispatch({type: 'moved', move: 'last'});
	await eventually(() => expect(lines().join('\n')).toContain('name-999'));
	expect(written()).toBeLessThan(8000);
});
