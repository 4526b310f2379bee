import {describe, expect, test} from 'vitest';
import type {FlowRequest} from '../../../source/model/index.js';
import {explain} from '../../../source/path/explain.js';
import type {Explanation} from '../../../source/path/explanation.js';
import {verdictPhrase} from '../../../source/rows/words/en.js';
import {requestAt} from '../../../source/ui/state/probe-here.js';
import {reduce} from '../../../source/ui/state/reduce.js';
import {selectedContainer, selectedHop, selectedHopIndex, shownPath} from '../../../source/ui/state/selected.js';
import {standInFor} from '../../../source/ui/state/stand-in.js';
import type {State} from '../../../source/ui/state/state.js';
import {flowTable} from '../../../source/ui/state/view.js';
import {explorerOn, press, six} from '../pressing.js';

const toWeb: FlowRequest = {
	origin: {kind: 'lan', address: null},
	target: {kind: 'container', name: 'web', port: 80, proto: 'tcp'},
	family: null,
};
const toOther: FlowRequest = {
	origin: {kind: 'container', name: 'app'},
	target: {kind: 'container', name: 'other', port: 80, proto: 'tcp'},
	family: null,
};

function explained(request: FlowRequest): Explanation {
	const explanation = explain(six, request);
	if ('usage' in explanation) throw new Error(explanation.usage);
	return explanation;
}

function showing(request: FlowRequest, state: State = explorerOn()): State {
	return reduce(reduce(state, {type: 'asked', request}), {type: 'explained', request, explanation: explained(request)});
}

describe('the request-flow pane', () => {
	test('a request that is delivered is shown from its first hop', () => {
		const state = showing(toWeb);
		expect(state.flow.explanation?.path.verdict).toBe('delivered');
		expect(selectedHopIndex(state)).toBe(0);
		expect(flowTable(state).rows).toHaveLength(state.flow.explanation?.path.hops.length ?? -1);
	});

	test('one that is blocked, at the hop that blocks', () => {
		const isolated: FlowRequest = {...toOther, target: {kind: 'address', address: '172.19.0.2', port: 80, proto: 'tcp'}};
		const state = showing(isolated);
		expect(state.flow.explanation?.path).toMatchObject({verdict: 'blocked', blockedAt: expect.any(Number)});
		expect(selectedHopIndex(state)).toBe(state.flow.explanation?.path.blockedAt);
	});

	test('one that cannot be told, at the first hop that could not be read', () => {
		const state = showing(toOther);
		expect(state.flow.explanation?.path.verdict).toBe('undetermined');
		expect(flowTable(state).rows[selectedHopIndex(state)]?.verdict).toBe('undetermined');
	});

	test('n and N go from one ✗ to the next', () => {
		const state = press(showing(toOther), 'g').state;
		const blocking = state.flow.explanation?.path.hops.flatMap((hop, index) => (hop.verdict === 'blocks' ? [index] : [])) ?? [];
		expect(blocking.length).toBeGreaterThan(1);
		const [first, second] = blocking;
		expect(selectedHopIndex(press(state, 'n').state)).toBe(first);
		expect(selectedHopIndex(press(state, 'n', 'n').state)).toBe(second);
		expect(selectedHopIndex(press(state, 'n', 'n', 'N').state)).toBe(first);
		expect(press(state, 'G', 'n').state.note).toBe('no further hop blocks');
	});

	test('v turns the table, and the cursor stays on its hop', () => {
		const state = press(showing(toWeb), 'j', 'j', 'v').state;
		expect(selectedHopIndex(state)).toBe(2);
		expect(flowTable(state).rows.map(({id}) => Number(id))).toEqual(
			flowTable(showing(toWeb))
				.rows.map(({id}) => Number(id))
				.reverse(),
		);
	});

	test('b shows the way back and the request again', () => {
		const {flow} = press(showing(toWeb), 'b').state;
		expect(flow.reply).toBe(true);
		expect(press(showing(toWeb), 'b', 'b').state.flow.reply).toBe(false);
	});

	test('where the answer is what stops, the title names its hop, and b goes to it', () => {
		const explanation = explained(toWeb);
		const {reply} = explanation.path;
		if (!reply) throw new Error('no way back');
		const at = reply.hops.length - 2;
		const hops = reply.hops.map((hop, index) =>
			index === at ? {...hop, verdict: 'blocks' as const, says: 'dropped by FORWARD rule 2'} : hop,
		);
		const found = [3, 1].map(hop => ({id: 'dropped', severity: 'error' as const, hop, summary: '', remedy: `undo ${hop}`, evidence: []}));
		const stopped = {
			verdict: 'blocked' as const,
			lost: 'answer' as const,
			blockedAt: 3,
			reply: {verdict: 'blocked' as const, blockedAt: at, hops},
		};
		const path = {...explanation.path, ...stopped, findings: found};
		const state = reduce(reduce(explorerOn(), {type: 'asked', request: toWeb}), {
			type: 'explained',
			request: toWeb,
			explanation: {...explanation, path},
		});
		expect(verdictPhrase(path)).toBe(`blocked on the way back, at its hop ${at + 1}`);
		expect(press(state, 'n').state.note).toBe('it stops on the way back: b');
		for (const keys of [['b'], ['v', 'b']]) {
			const back = press(state, ...keys).state;
			expect(selectedHop(back)?.says).toBe('dropped by FORWARD rule 2');
			expect(shownPath(back.flow)?.findings.map(({hop}) => hop)).toEqual([at, null]);
		}
		expect(selectedHopIndex(press(state, 'b', 'b').state)).toBe(3);
	});

	test('a new reading of the same request keeps the hop under the cursor', () => {
		const state = press(showing(toWeb), 'j', 'j', 'j').state;
		const again = reduce(state, {type: 'askedAgain'});
		expect(again.flow).toMatchObject({asking: true, request: toWeb});
		const shown = reduce(again, {type: 'explained', request: toWeb, explanation: explained(toWeb)});
		expect(selectedHopIndex(shown)).toBe(3);
	});

	test('a new reading takes the keys from nobody', () => {
		const typing = press(showing(toWeb), '2', '/', 'w').state;
		const shown = reduce(reduce(typing, {type: 'askedAgain'}), {type: 'explained', request: toWeb, explanation: explained(toWeb)});
		expect(shown).toMatchObject({pane: 'containers', mode: {kind: 'text', purpose: 'filter'}, filters: typing.filters});
	});

	test('an answer that comes after another question was asked is dropped', () => {
		const state = reduce(showing(toWeb), {type: 'asked', request: toOther});
		const late = reduce(state, {type: 'explained', request: toWeb, explanation: explained(toWeb)});
		expect(late.flow.explanation).toBeNull();
		expect(late.flow.asking).toBe(true);
	});

	test('the containers go along to the one that is asked', () => {
		expect(selectedContainer(showing(toOther))?.name).toBe('other');
	});

	test('enter draws the details large, where the arrows scroll them; esc closes them', () => {
		const small = press(showing(toWeb), 'j', 'j', ']', ']').state;
		const large = press(small, 'enter', 'pagedown').state;
		expect(large.details.zoomed).toBe(true);
		expect(selectedHopIndex(large)).toBe(2);
		expect(press(large, 'escape').state.details.zoomed).toBe(false);
	});
});

describe('a probe right at a hop', () => {
	const {path} = explained(toWeb);
	const at = (index: number) => requestAt(path, index, toWeb);
	const indexOf = (kind: string) => path.hops.findIndex(hop => hop.kind === kind);

	test('inside the container: its own 127.0.0.1', () => {
		const request = {
			origin: {kind: 'container', name: 'web'},
			target: {kind: 'address', address: '127.0.0.1', port: 80, proto: 'tcp'},
			family: null,
		};
		expect(at(indexOf('port'))).toEqual(request);
		expect(at(indexOf('process'))).toEqual(request);
	});

	test("on the host: the container's own address", () => {
		expect(at(indexOf('bridge'))).toMatchObject({origin: {kind: 'host'}, target: {address: '172.18.0.2', port: 80}});
	});

	test('at the NIC: the published port', () => {
		expect(at(indexOf('nic'))).toMatchObject({origin: {kind: 'host'}, target: {address: '127.0.0.1', port: 8081}});
	});

	test('in the container that asks: the request itself', () => {
		expect(requestAt(explained(toOther).path, 0, toOther)).toBe(toOther);
	});
});

test('from the LAN nothing can be sent: the host asks the same address', () => {
	expect(standInFor(toWeb, explained(toWeb).path)).toEqual({
		origin: {kind: 'host', address: null},
		target: {kind: 'address', address: '10.99.0.1', port: 8081, proto: 'tcp'},
		family: null,
	});
	expect(standInFor(toOther, explained(toOther).path)).toBeNull();
});
