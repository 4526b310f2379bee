import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import stringWidth from 'string-width';
import {afterEach, beforeAll, expect, test} from 'vitest';
import {conclude} from '../../source/diagnosis/conclude.js';
import type {FlowRequest, Snapshot} from '../../source/model/index.js';
import {parseRecording} from '../../source/recording/load.js';
import {App} from '../../source/ui/app.js';
import type {Look} from '../../source/ui/lines/line.js';
import {reduce} from '../../source/ui/state/reduce.js';
import type {State} from '../../source/ui/state/state.js';
import {createStore} from '../../source/ui/store.js';
import {explorerOn, press} from './pressing.js';
import {renderAt, type Screen} from './render-at.js';

/** Hosts of scripts/record-screens.ts, and the container whose flow is shown. */
const hosts: Record<string, string | null> = {
	none: null,
	one: 'only',
	many: 'service-007',
	hard: 'a-container-whose-name-is-so-long-that-no-column-of-any-list-can-hold-it-since-it-has-a-hundred-cha',
};
const sizes = [
	[60, 15],
	[80, 24],
	[100, 30],
	[120, 24],
	[120, 40],
	[200, 60],
] as const;
const plain: Look = {ascii: false, color: false};
let screen: Screen | undefined;
afterEach(() => screen?.unmount());

// The clock times on the screen are local ones.
beforeAll(() => {
	process.env.TZ = 'UTC';
});

const cases = Object.keys(hosts).flatMap(host => sizes.map(([columns, rows]) => [host, columns, rows] as const));

test.each(cases)('%s at %i×%i: the lists, a flow, a hop, the menu, the help', async (host, columns, rows) => {
	await keptAs(`${host}-${columns}x${rows}`, await views(host, columns, rows), columns, plain);
});

test.each([
	['hard', 80, 24],
	['many', 120, 40],
] as const)('%s at %i×%i with ASCII alone', async (host, columns, rows) => {
	const text = await keptAs(`${host}-${columns}x${rows}-ascii`, await views(host, columns, rows), columns, {...plain, ascii: true});
	// Names of a person stay as they are; what dockhop draws is ASCII.
	expect(text.replace(/[\p{Script=Han}]/gu, '')).toMatch(/^[\n -~]*$/);
});

test('forty ports: the menu of what to ask for', async () => {
	const start = await startOn('hard', 80, 24);
	const {state} = press(start, '2', '/', ...'forty', 'enter', 'enter');
	await keptAs('hard-forty-80x24', [state], 80, plain);
});

/** Draws each view, holds it against the file test/ui/screens/NAME.txt, and gives the text. */
async function keptAs(name: string, states: readonly State[], columns: number, look: Look): Promise<string> {
	const drawn: string[] = [];
	for (const state of states) {
		const {size} = state;
		screen = await renderAt(size.columns, size.rows, <App store={createStore(state)} look={look} family={null} carryOut={() => {}} />);
		const lines = screen.lines();
		screen.unmount();
		for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
		drawn.push(lines.join('\n').trimEnd());
	}
	const text = `${drawn.join(`\n${'='.repeat(columns)}\n`)}\n`;
	await expect(text).toMatchFileSnapshot(`screens/${name}.txt`);
	return text;
}

/** The lists; where there is a container, its flow from the LAN, a hop of it zoomed, and the menu of requests. */
async function views(host: string, columns: number, rows: number): Promise<State[]> {
	const start = await startOn(host, columns, rows);
	const lists = press(start, '2').state;
	const name = hosts[host];
	if (!name || !start.session.snapshot) return [start, lists];
	const flow = flowOf(lists, name, start.session.snapshot);
	return [lists, flow, press(flow, 'j', 'j', 'enter').state, press(flow, 'o').state];
}

async function startOn(host: string, columns: number, rows: number): Promise<State> {
	const known = recordings.get(host) ?? recorded(host);
	recordings.set(host, known);
	return explorerOn(await known, {columns, rows});
}

const recordings = new Map<string, Promise<Snapshot>>();

async function recorded(host: string): Promise<Snapshot> {
	const file = fileURLToPath(new URL(`../recordings/screens/${host}.json.gz`, import.meta.url));
	return parseRecording(gunzipSync(await readFile(file)).toString('utf8'), file);
}

function flowOf(state: State, name: string, snapshot: Snapshot): State {
	const request: FlowRequest = {
		origin: {kind: 'lan', address: null},
		target: {kind: 'container', name, port: null, proto: 'tcp'},
		family: null,
	};
	const explanation = conclude(snapshot, request);
	if ('usage' in explanation) throw new Error(explanation.usage);
	return reduce(reduce(state, {type: 'asked', request}), {type: 'explained', request, explanation});
}
