import {expect, test} from 'vitest';
import {causeIds, hopKinds, unknownIds} from '../../source/model/index.js';
import {entryLines, everythingExplained, explained} from '../../source/rows/words/explain.js';

test('every hop kind, cause and unknown is explained, with what can be done about each cause', () => {
	const ids = everythingExplained().map(({id}) => id);
	expect(ids).toEqual(expect.arrayContaining([...hopKinds, ...causeIds, ...unknownIds]));
	for (const {id, shelf, entry} of everythingExplained()) {
		expect(entry.title, id).not.toMatch(/\.$/);
		for (const sentence of [entry.about, ...entry.more]) expect(sentence, id).toMatch(/[.)]$/);
		if (shelf === 'causes') expect([entry.todo.length > 0, entry.see.length > 0], id).toEqual([true, true]);
	}
});

test('a name that two lists have is explained twice', () => {
	expect(explained('bridge').map(({shelf}) => shelf)).toEqual(['hops', 'drivers']);
	expect(explained('null').map(({id}) => id)).toEqual(['none']);
	expect(explained('toString')).toEqual([]);
});

test('an entry as text', () => {
	const [entry] = explained('not-running');
	expect(entry && entryLines(entry)).toEqual([
		'not-running: the container is not running  (why a request stops)',
		'',
		'  A stopped container has no network namespace, no address and no published port.',
		expect.stringMatching(/^ {2}doctor takes one for stopped on purpose .* is a warning\.$/),
		'',
		'  See it',
		'    docker ps -a',
		'      its state and exit code',
		'    docker logs CONTAINER',
		'      why it ended',
		'',
		'  To do',
		'    `docker start CONTAINER`',
	]);
});
