import {expect, test} from 'vitest';
import {helpLines} from '../../../source/ui/lines/help-lines.js';
import {fitLine} from '../../../source/ui/lines/line.js';
import {explorerOn} from '../pressing.js';

test.each([false, true])('the words of all keys begin in one column (ASCII: %s)', ascii => {
	const look = {ascii, color: false};
	const lines = helpLines(explorerOn(), 76, look).map(line =>
		fitLine(line, 76, look)
			.map(({text}) => text)
			.join(''),
	);
	const column = lines[0]?.indexOf('one row up');
	for (const words of [
		'pane before',
		'next pane',
		'open: a network',
		'back; drops',
		'send this request',
		'back to the shell',
		'quit and leave',
	])
		expect(lines.find(line => line.includes(words))?.indexOf(words), words).toBe(column);
	expect(lines.find(line => line.includes('open: a network'))?.trimStart()).toMatch(ascii ? /^enter / : /^⏎ /);
});
