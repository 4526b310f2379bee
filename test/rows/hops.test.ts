import {expect, test} from 'vitest';
import {explain} from '../../source/path/explain.js';
import {hopRows} from '../../source/rows/hops.js';
import {six} from '../ui/pressing.js';

test('a hop without a short form keeps its name, also where several containers are on the path', () => {
	const explanation = explain(six, {
		origin: {kind: 'container', name: 'app'},
		target: {kind: 'container', name: 'web', port: 80, proto: 'tcp'},
		family: null,
	});
	if ('usage' in explanation) throw new Error(explanation.usage);
	const {rows} = hopRows(explanation.path);
	const shown = rows.map(({cells, brief}) => brief?.[2] || cells[2]);
	expect(shown.at(-1)).toMatch(/^httpd \(\d+\) in web$/);
	expect(shown[0]).toBe('client app');
});
