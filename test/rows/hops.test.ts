import {expect, test} from 'vitest';
import {explain} from '../../source/path/explain.js';
import {hopDetails} from '../../source/rows/hop-details.js';
import {hopRows} from '../../source/rows/hops.js';
import {entryLines, explained} from '../../source/rows/words/explain.js';
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

test("what the hop's pane says of it is what `dockhop explain KIND` says", () => {
	const requests = [
		['lan', 'www'],
		['host', 'www'],
		['app', 'web'],
		['app', 'other'],
	] as const;
	for (const [from, name] of requests) {
		const explanation = explain(six, {
			origin: from === 'app' ? {kind: 'container', name: from} : {kind: from, address: null},
			target: {kind: 'container', name, port: 80, proto: 'tcp'},
			family: null,
		});
		if ('usage' in explanation) throw new Error(explanation.usage);
		const {path} = explanation;
		for (const [index, {kind, cause, unknown}] of path.hops.entries()) {
			const words = [kind, cause, unknown?.id]
				.filter(id => typeof id === 'string')
				.flatMap(explained)
				.flatMap(entryLines);
			for (const about of hopDetails(path, index)?.about ?? [])
				expect(words, `${from} → ${name}, hop ${index + 1}`).toContain(`  ${about}`);
		}
	}
});

test('where nothing listens, no rule that let the packet pass is said to decide', () => {
	const explanation = explain(six, {origin: {kind: 'host', address: null}, target: {kind: 'port', port: 9999, proto: 'tcp'}, family: null});
	if ('usage' in explanation) throw new Error(explanation.usage);
	const at = explanation.path.blockedAt ?? -1;
	expect(explanation.path.hops[at]).toMatchObject({
		cause: 'nothing-listens',
		steps: expect.arrayContaining([expect.objectContaining({matched: true})]),
	});
	expect(hopDetails(explanation.path, at)?.fields.map(({label}) => label)).not.toContain('by');
});
