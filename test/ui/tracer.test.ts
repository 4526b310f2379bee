import {expect, test, vi} from 'vitest';
import {conclude} from '../../source/diagnosis/conclude.js';
import type {FlowRequest, Trace} from '../../source/model/index.js';
import {follow} from '../../source/session/follow.js';
import {demoSession} from '../../source/session/recorded.js';
import type {Session} from '../../source/session/session.js';
import {keyIntent} from '../../source/ui/keys/key-intent.js';
import {probeLine} from '../../source/ui/lines/bars.js';
import {detailsOf} from '../../source/ui/lines/details-of.js';
import {flowHead} from '../../source/ui/lines/flow-head.js';
import {isEffect} from '../../source/ui/perform.js';
import {loadProof} from '../../source/ui/proof-tools.js';
import {initialState, type State} from '../../source/ui/state/state.js';
import {flowTable} from '../../source/ui/state/view.js';
import {createStore} from '../../source/ui/store.js';
import {createTracer} from '../../source/ui/tracer.js';
import {eventually} from './eventually.js';

const fromLan = (name: string): FlowRequest => ({
	origin: {kind: 'lan', address: null},
	target: {kind: 'container', name, port: 80, proto: 'tcp'},
	family: null,
});

/** The explorer on the demo's host as if it were live: what a trace gives is what the demo recorded, or what `change` says. */
async function tracing(request: FlowRequest, {motion = false, ...change}: Partial<Session> & {motion?: boolean} = {}) {
	const session: Session = {...demoSession(), kind: 'live', ...change};
	const snapshot = await session.ready();
	const store = createStore(
		initialState({kind: session.kind, whyNoProbe: null, canDemo: true, ...session.state(), snapshot}, {columns: 120, rows: 40}),
	);
	const {explanation} = await follow(session, request, conclude);
	if ('usage' in explanation) throw new Error(explanation.usage);
	store.dispatch({type: 'asked', request});
	store.dispatch({type: 'explained', request, explanation});
	const turned = vi.fn();
	const tracer = createTracer(store, {session, proof: loadProof, now: () => new Date(), timeoutSeconds: 5, motion}, turned);
	const explained = async (asked: FlowRequest) => {
		const {explanation: found} = await follow(session, asked, conclude);
		if (!('usage' in found)) store.dispatch({type: 'explained', request: asked, explanation: found});
	};
	/** Presses keys; of effects only those of the tracer are carried out, and what explains a request. */
	const press = (...keys: string[]) => {
		for (const key of keys)
			for (const part of keyIntent(store.state(), key)) {
				if (!isEffect(part)) store.dispatch(part);
				else if (part.type === 'trace') void tracer.trace(part.request, part.anybody);
				else if (part.type === 'cancelTrace') tracer.cancel();
				else if (part.type === 'follow') void explained(part.request);
			}
	};
	return {
		...{store, session, tracer, turned, press},
		done: () => eventually(() => expect(store.state().flow.trace?.outcome.kind).toBe('done')),
	};
}

/** A trace that waits until it is cancelled. */
const endless: Session['trace'] = (_, signal, armed) =>
	new Promise((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason));
		armed?.();
	});

const text = (lines: readonly (readonly {text: string}[])[]) => lines.map(line => line.map(one => one.text).join('')).join('\n');
const details = (state: Parameters<typeof detailsOf>[0]) => text(detailsOf(state, 90).lines);

test('t asks once before it adds its table to the kernel; then the facts stand in place of the explanation', async () => {
	const {store, press, done} = await tracing(fromLan('www'));
	press('t');
	expect(store.state().mode.kind).toBe('agree');
	expect(store.state().flow.trace).toBeNull();
	press('down', 'enter');
	expect([store.state().mode.kind, store.state().flow.trace]).toEqual(['pane', null]);
	press('t', 'enter');
	await done();
	expect(flowHead(store.state().flow)).toMatchObject({
		title: '3 Trace  lan → www:80, published 8080/tcp',
		right: '✓ delivered, as explained',
	});
	expect(flowTable(store.state()).columns.map(({title}) => title)).toEqual(['#', 'HOP', 'SEEN', 'µs', 'TOOK', 'PACKET']);
	expect(flowTable(store.state()).rows.map(({id, verdict}) => [id, verdict])).toContainEqual(['answer', 'passes']);
	expect(details(store.state())).toMatch(/delivered: .*\n +As explained\.\ntime +connect/);
	press('t');
	expect(store.state().mode.kind).toBe('pane');
	await done();
	expect(flowHead(store.state().flow).below).toMatch(/^traced at [\d:]{8} · as at [\d:]{8}$/);
	press('escape');
	expect(flowHead(store.state().flow)).toMatchObject({title: '3 Request flow  lan → www:80, published 8080/tcp', below: ''});
});

test('where it dies: the cursor goes there, and the hop tells what was seen, and what was not behind it', async () => {
	const {store, press, done} = await tracing(fromLan('api'));
	press('t', 't');
	await done();
	expect(flowHead(store.state().flow).right).toBe('✗ blocked at hop 5, as explained');
	expect(store.state().flow.list.selected).toBe('4');
	expect(details(store.state())).toMatch(/^seen +yes\nends +dropped by filter DOCKER-USER rule 1/);
	expect(details(store.state())).toMatch(/filter DOCKER-USER rule 1: drop/);
	press('down');
	expect(details(store.state())).toMatch(/^seen +no: it had stopped before$/);
	press('G');
	expect(details(store.state())).toContain('blocked at hop 5');
});

test('the request travels the table hop by hop; without motion it is there at once', async () => {
	const {store, press, done} = await tracing(fromLan('www'), {motion: true});
	const seen: (number | null)[] = [];
	const tables: ReturnType<typeof flowTable>[] = [];
	store.subscribe(() => {
		const {trace} = store.state().flow;
		if (trace?.outcome.kind !== 'done') return;
		seen.push(trace.outcome.travelled);
		tables.push(flowTable(store.state()));
	});
	press('t', 't');
	await done();
	await eventually(() => expect(seen.at(-1)).toBeNull());
	const hops = store.state().flow.explanation?.path.hops.length ?? 0;
	expect([...new Set(seen)]).toEqual([...Array.from({length: hops + 1}, (_, at) => at), null]);
	const {rows} = flowTable(store.state());
	// What is not told yet keeps its room.
	const [early] = tables;
	expect(early?.rows.at(-2)?.cells.at(-1)).toBe(' '.repeat(rows.at(-2)?.cells.at(-1)?.length ?? 0));
	expect(early?.rows.map(({cells}) => cells.map(cell => cell.length))).toEqual(rows.map(({cells}) => cells.map(cell => cell.length)));
});

test('from the LAN: it shows the line for the client, y copies it, esc cancels', async () => {
	const {store, press} = await tracing(fromLan('www'), {trace: endless});
	press('t', 't');
	await eventually(() => expect(flowHead(store.state().flow).right).toMatch(/^waiting for the client, \d of 120 s$/));
	expect(details(store.state())).toContain('  curl --fail http://10.99.0.1:8080/');
	expect(text([probeLine(store.state())])).toContain('curl --fail http://10.99.0.1:8080/');
	expect(keyIntent(store.state(), 'y')).toEqual([
		{type: 'copy', text: 'curl --fail http://10.99.0.1:8080/', what: 'curl --fail http://10.99.0.1:8080/'},
	]);
	press('escape');
	await eventually(() => expect(store.state().note).toBe('the trace was cancelled'));
	expect(store.state().flow.trace).toBeNull();
	expect(flowHead(store.state().flow).title).toContain('Request flow');
});

test('t cancels the one that runs, and so does another request', async () => {
	const {store, press, tracer} = await tracing(fromLan('www'), {trace: endless});
	press('t', 't');
	await eventually(() => expect(store.state().flow.trace?.outcome).toMatchObject({kind: 'running', client: {}}));
	press('t');
	await eventually(() => expect(store.state().flow.trace).toBeNull());
	press('t');
	store.dispatch({type: 'asked', request: fromLan('api')});
	tracer.cancel();
	await eventually(() => expect(store.state().note).toContain('cancelled'));
	expect(store.state().flow.trace).toBeNull();
});

test('what was seen is not what was explained: said in the title, in red, at the hop and in its sentence', async () => {
	const demo = demoSession();
	const [www] = (await demo.ready()).traces ?? [];
	// As if nothing of it had come to the container.
	const gone = (trace: Trace): Trace => ({
		...trace,
		packets: trace.packets.filter(one => one.place === 'host' && one.interface === 'eth0' && one.direction === 'in'),
		passes: trace.passes.filter(({hook, place}) => place === 'host' && hook === 'prerouting'),
	});
	const {store, press, done} = await tracing(fromLan('www'), {trace: async () => gone(www as Trace)});
	press('t', 't');
	await done();
	expect(flowHead(store.state().flow)).toMatchObject({
		right: expect.stringMatching(/^✗ blocked at hop \d+, NOT AS EXPLAINED$/),
		rightStyle: 'blocks',
	});
	expect(detailsOf(store.state(), 90).lines[0]?.[0]).toMatchObject({
		text: expect.stringMatching(/^differs +NOT AS EXPLAINED: /),
		style: 'blocks',
	});
	expect(flowTable(store.state()).rows.some(({cells}) => cells[2]?.endsWith(' !'))).toBe(true);
	press('g');
	expect(details(store.state()).replace(/\s+/g, ' ')).toMatch(
		/NOT AS EXPLAINED: the explanation was "delivered", seen was "blocked at hop \d+"/,
	);
});

test('where there is no trace: the reason in the details and in the footer', async () => {
	const {store, press} = await tracing(fromLan('web'));
	press('t', 't');
	await eventually(() =>
		expect(store.state().note).toMatch(/^no trace: the recording holds no trace of this request; it holds lan → 10\.99/),
	);
	expect(details(store.state())).toMatch(/^No trace\nthe recording holds no trace of this request/);
	expect(flowHead(store.state().flow).title).toContain('Request flow');
});

test('in a recording nothing is asked, and the trace says when it was made', async () => {
	const {store, press, done} = await tracing(fromLan('www'), {kind: 'demo'});
	press('t');
	await done();
	expect(flowHead(store.state().flow).below).toMatch(/^recorded 20\d\d-\d\d-\d\d \d\d:\d\d UTC$/);
});

test('b shows the way back with what was seen there', async () => {
	const {store, press, done} = await tracing(fromLan('www'));
	press('t', 't');
	await done();
	press('b');
	expect(flowHead(store.state().flow).title).toMatch(/^3 The way back {2}www → lan/);
	const {rows} = flowTable(store.state());
	expect(rows.every(({cells}) => cells[2] === 'yes')).toBe(true);
	expect(rows.some(({cells}) => cells.at(-1)?.endsWith('syn ack'))).toBe(true);
});

test('whoever asks: the menu waits for the next request, and the screen turns to what it was', async () => {
	const recorded = (await demoSession().ready()).traces?.find(({plan}) => plan.send === null && plan.first.ports[0] === 8080);
	if (!recorded) throw new Error('the demo has no such trace');
	let come = () => {};
	const {store, press, turned, tracer, done} = await tracing(
		{origin: {kind: 'host', address: null}, target: {kind: 'container', name: 'www', port: 80, proto: 'tcp'}, family: null},
		{
			whyNoTrace: () => null,
			trace: (plan, _, armed) =>
				new Promise(resolve => {
					armed?.();
					come = () => resolve({...recorded, plan});
				}),
		},
	);
	store.dispatch({type: 'rowChosen', pane: 'containers', id: idOf(store.state(), 'www')});
	press('o', 'up', 'enter');
	expect(store.state().mode).toEqual({kind: 'agree', anybody: true, index: 0});
	press('enter');
	await eventually(() => expect(details(store.state())).toContain('the next request to www:80'));
	expect(text([probeLine(store.state())])).toContain('waiting for whoever asks');
	expect(flowHead(store.state().flow).right).toMatch(/^waiting for whoever asks, \d+ of 120 s$/);
	come();
	await done();
	const request = {origin: {kind: 'lan', address: recorded.client?.address}, target: {kind: 'address', port: 8080}};
	expect(store.state().flow).toMatchObject({request, trace: {request, outcome: {proof: {path: {verdict: 'delivered'}, agreement: true}}}});
	expect(turned).toHaveBeenCalledWith(store.state().flow.request);
	expect(tracer.gathered()).toHaveLength(1);
});

function idOf({session: {snapshot}}: State, name: string): string {
	const containers = snapshot?.engine.read ? snapshot.engine.value.containers : [];
	return containers.find(one => one.name === name)?.id ?? '';
}
