import {expect, test} from 'vitest';
import {conclude} from '../../../source/diagnosis/conclude.js';
import type {FlowRequest} from '../../../source/model/index.js';
import {findingLines} from '../../../source/ui/lines/finding-lines.js';
import {reduce} from '../../../source/ui/state/reduce.js';
import type {State} from '../../../source/ui/state/state.js';
import {explorerOn, press, six} from '../pressing.js';

test('d shows what was found on the path, and closes it again', () => {
	const open = press(asked('tiny'), 'd').state;
	expect(open.mode).toEqual({kind: 'findings', top: 0});
	expect(press(open, 'j', 'j', 'k').state.mode).toEqual({kind: 'findings', top: 1});
	expect(press(open, 'd').state.mode).toEqual({kind: 'pane'});
	const path = open.flow.explanation?.path;
	const text = path ? findingLines(path, 100).map(line => line.map(part => part.text).join('')) : [];
	expect(text[0]).toMatch(/^✗ error at hop \d+: published-elsewhere$/);
	expect(text.join('\n')).toContain('to do');
	expect(text.join('\n')).toContain('dockhop explain published-elsewhere');
});

test('d says where nothing was found', () => {
	const {state} = press(asked('www'), 'd');
	expect(state.mode).toEqual({kind: 'pane'});
	expect(state.note).toBe('nothing was found on this path');
});

/** The explorer after a request from the LAN to port 80 of a container was explained. */
function asked(name: string): State {
	const request: FlowRequest = {
		target: {kind: 'container', name, port: 80, proto: 'tcp'},
		origin: {kind: 'lan', address: null},
		family: null,
	};
	const explanation = conclude(six, request);
	if ('usage' in explanation) throw new Error(explanation.usage);
	return reduce(reduce(explorerOn(), {type: 'asked', request}), {type: 'explained', request, explanation});
}
