import {describe, expect, test} from 'vitest';
import {bindingOf, bindings} from '../../../source/ui/keys/bindings.js';
import {selectedContainer} from '../../../source/ui/state/selected.js';
import type {State} from '../../../source/ui/state/state.js';
import {containersTable} from '../../../source/ui/state/view.js';
import {explorerOn, onContainer, press} from '../pressing.js';

const start = explorerOn();
const link: State['session']['link'] = {
	kind: 'lost',
	since: '2026-01-01T00:00:00Z',
	reason: 'nobody answers',
	tried: [],
	advice: [],
	nextTry: null,
};
const lost: State = {...explorerOn(null), session: {...explorerOn(null).session, link}};

describe('moving about', () => {
	test('the explorer starts on all networks, with every container', () => {
		expect(start.pane).toBe('networks');
		expect(start.networks.selected).toBe('all');
		expect(containersTable(start).rows).toHaveLength(7);
	});

	test('a network narrows the containers, enter goes to them', () => {
		const {state} = press(start, 'j', 'enter');
		expect(state.pane).toBe('containers');
		expect(
			containersTable(state)
				.rows.map(row => row.cells[0])
				.toSorted(),
		).toEqual(['app', 'web']);
	});

	test('panes by number, by arrow and round the edge', () => {
		expect(press(start, '3').state.pane).toBe('flow');
		expect(press(start, 'right', 'l').state.pane).toBe('flow');
		expect(press(start, 'left').state.pane).toBe('probes');
	});

	test('esc goes back and never quits', () => {
		const {state, effects} = press(start, '3', 'escape', 'escape', 'escape', 'escape');
		expect(state.pane).toBe('networks');
		expect(effects).toEqual([]);
	});
});

describe('asking', () => {
	test('enter on a container with one published port asks from the LAN', () => {
		const {state, effects} = press(onContainer(start, 'web'), 'enter');
		const request = {
			origin: {kind: 'lan', address: null},
			target: {kind: 'container', name: 'web', port: 80, proto: 'tcp'},
			family: null,
		};
		expect(effects).toEqual([{type: 'follow', request}]);
		expect(state.pane).toBe('flow');
		expect(state.flow.asking).toBe(true);
	});

	test('enter on a container without ports asks the person which', () => {
		const {state, effects} = press(onContainer(start, 'lonely'), 'enter');
		expect(effects).toEqual([]);
		expect(state.mode).toMatchObject({kind: 'text', purpose: 'goto', field: {value: 'lonely:'}});
	});

	test('o is a menu of the requests to the port, from those on its network first', () => {
		const {mode} = press(onContainer(start, 'web'), 'o').state;
		expect(mode.kind === 'menu' && mode.items.map(({label}) => label)).toEqual([
			'host → 127.0.0.1:8081',
			'host → 10.99.0.1:8081, its own address',
			'lan → 10.99.0.1:8081',
			'web itself → 127.0.0.1:80',
			...['app', 'other', 'tiny', 'lonely', 'hosty', 'www'].map(name => `${name} → web:80`),
			...['app', 'other', 'tiny', 'lonely', 'hosty', 'www'].map(name => `${name} → host.docker.internal:8081`),
			'any → web:80, the next that comes',
		]);
	});

	test('an open menu owns the keys', () => {
		const menu = press(onContainer(start, 'web'), 'o').state;
		expect(press(menu, 'q', 'r', 'v').state).toBe(menu);
		expect(press(menu, 'escape').state.mode).toEqual({kind: 'pane'});
		expect(press(menu, 'up').state.mode).toMatchObject({index: 16});
		const itself = [{type: 'follow', request: {origin: {kind: 'container', name: 'web'}, target: {address: '127.0.0.1', port: 80}}}];
		expect(press(menu, 'down', 'j', 'j', 'enter').effects).toMatchObject(itself);
		expect(press(menu, '4').effects).toMatchObject(itself);
	});

	test(': takes TARGET from ORIGIN', () => {
		const {effects} = press(start, ':', ...'web:80 from app', 'enter');
		expect(effects).toMatchObject([{type: 'follow', request: {origin: {kind: 'container', name: 'app'}, target: {name: 'web', port: 80}}}]);
	});

	test('what cannot be asked is said in the line that is typed', () => {
		const {state, effects} = press(start, ':', ...'web:99999', 'enter');
		expect(effects).toEqual([]);
		expect(state.mode).toMatchObject({error: "target 'web:99999': a port is a number from 1 to 65535"});
		expect(press(state, 'backspace').state.mode).toMatchObject({error: null});
	});
});

describe(': opens its line at once', () => {
	const request = {origin: {kind: 'container', name: 'app'}, target: {kind: 'url', host: 'web'}};
	const typed = [':', ...'http://web/ from app', 'enter'];
	test.each([
		['before anything is read', explorerOn(null)],
		['while a request is being explained', press(onContainer(start, 'web'), 'enter').state],
		['over a menu', press(onContainer(start, 'web'), 'o').state],
		['over the help', press(start, '?').state],
		['in the probes', press(start, '4').state],
		['while it is too small to see', explorerOn(undefined, {columns: 20, rows: 5})],
	])('%s', (_, state) => {
		const {effects, state: after} = press(state, ...typed);
		expect(effects).toMatchObject([{type: 'follow', request}]);
		expect(after.filters).toEqual(start.filters);
	});

	test('where no engine answers, the line says so and keeps what was typed', () => {
		const {effects, state} = press(lost, ...typed);
		expect(effects).toEqual([]);
		expect(state.mode).toMatchObject({field: {value: 'http://web/ from app'}, error: expect.stringContaining('no engine answers')});
	});

	test('on a screen that is too small to show it, no other key does anything', () => {
		const small = explorerOn(undefined, {columns: 20, rows: 5});
		expect(press(small, '2', '/', 'o', 'enter')).toEqual({state: small, effects: []});
		expect(press(small, 'q').effects).toMatchObject([{type: 'quit'}]);
	});
});

describe('filter', () => {
	test('matches any cell while it is typed, and stays', () => {
		const typing = press(start, '2', '/', ...'172.18').state;
		expect(containersTable(typing).rows).toHaveLength(2);
		const kept = press(typing, 'enter').state;
		expect(kept.mode.kind).toBe('pane');
		expect(kept.filters.containers).toBe('172.18');
		expect(press(kept, 'escape').state.filters.containers).toBe('');
	});

	test('! inverts', () => {
		expect(containersTable(press(start, '2', '/', ...'!172.18').state).rows).toHaveLength(5);
	});

	test('esc while typing brings the former one back', () => {
		const state = press(start, '2', '/', 'w', 'enter', '/', 'e', 'escape').state;
		expect(state.filters.containers).toBe('w');
	});

	test('the cursor stays on a row that is there', () => {
		const state = press(onContainer(start, 'www'), '/', ...'app', 'enter').state;
		expect(selectedContainer(state)?.name).toBe('app');
	});
});

describe('a key that does nothing says why', () => {
	test.each(bindings.filter(({whyNot}) => whyNot?.(explorerOn(null))).map(({keys, action}) => [action, keys[0] ?? ''] as const))(
		'%s',
		(_, key) => {
			const {state, effects} = press(explorerOn(null), key);
			expect(effects).toEqual([]);
			expect(state.note).toEqual(expect.any(String));
		},
	);

	test('a recording cannot be probed', () => {
		const recorded = {...start, session: {...start.session, whyNoProbe: 'a recording cannot be probed'}};
		expect(press(recorded, 'p').state.note).toBe('a recording cannot be probed');
	});
});

test('no key is bound twice', () => {
	expect(bindingOf.size).toBe(bindings.flatMap(({keys}) => keys).length);
});

test('without an engine only try again, help and quit are left', () => {
	expect(press(lost, 'o', 'p', '/').state).toEqual(lost);
	expect(press(lost, 'down', 'enter').effects).toEqual([{type: 'demo'}]);
	expect(press(lost, 'r').effects).toEqual([{type: 'refresh'}]);
	expect(press(lost, 'q').effects).toEqual([{type: 'quit', leave: null, code: 4}]);
});

test('ctrl-c quits from everywhere', () => {
	for (const keys of [[], ['?'], [':'], ['/'], ['2', 'o']]) {
		expect(press(start, ...keys, 'ctrl-c').effects.at(-1)).toEqual({type: 'quit', leave: null, code: 130});
	}
});
