import {expect, test} from 'vitest';
import {isCharacter, keyNames} from '../../../source/ui/keys/press.js';

test.each<[string, string, Parameters<typeof keyNames>[1], string[]]>([
	['an arrow', '', {downArrow: true}, ['down']],
	['enter', '', {return: true}, ['enter']],
	['a page', '', {pageUp: true}, ['pageup']],
	['a letter', 'j', {}, ['j']],
	['a capital', 'G', {shift: true}, ['G']],
	['keys that came together', 'jj\r', {}, ['j', 'j', 'enter']],
	['ctrl-c', 'c', {ctrl: true}, ['ctrl-c']],
	['ctrl-c among others', 'j\u0003', {}, ['j', 'ctrl-c']],
	['a key with alt is none of ours', 'q', {meta: true}, []],
	['control characters without a name are dropped', '\u0001\u0002', {}, []],
	['the rest of an arrow whose bytes came apart', '[B', {}, ['down']],
])('%s', (_, input, key, names) => {
	expect(keyNames(input, key)).toEqual(names);
});

test('what can be typed', () => {
	expect(['a', 'é', '👩‍💻', ' '].every(isCharacter)).toBe(true);
	expect(['enter', 'up', 'ctrl-c'].some(isCharacter)).toBe(false);
});
