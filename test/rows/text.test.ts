import {expect, test} from 'vitest';
import {markdownTable} from '../../source/rows/markdown.js';
import {plainTable} from '../../source/rows/plain.js';
import {tableOf} from '../../source/rows/table.js';

const table = tableOf(
	[
		{title: 'NAME', shrink: 1, cell: (item: {name: string; count: number}) => item.name},
		{title: '#', align: 'right', cell: ({count}) => String(count)},
	],
	[
		{name: 'shop_back', count: 3},
		{name: 'a|b <i>*', count: 12},
	],
	({name}) => name,
);

test('a plain table has a heading, and lines that do not end in blanks', () => {
	expect(plainTable(table)).toEqual(['NAME        #', 'shop_back   3', 'a|b <i>*   12']);
});

test('a name cannot break out of its Markdown cell', () => {
	expect(markdownTable(table)).toEqual(['| NAME | # |', '| --- | --: |', '| shop\\_back | 3 |', '| a\\|b \\<i\\>\\* | 12 |']);
});
