import {expect, test} from 'vitest';
import {editText, fieldOf, type TextEdit} from '../../../source/ui/state/text-field.js';

const typed = (start: string, ...edits: TextEdit[]) => edits.reduce(editText, fieldOf(start));

test.each<[string, ReturnType<typeof typed>, string, number]>([
	['letters go in at the caret', typed('ac', 'left', {insert: 'b'}), 'abc', 2],
	['backspace takes the letter before', typed('abc', 'left', 'backspace'), 'ac', 1],
	['backspace at the start does nothing', typed('abc', 'start', 'backspace'), 'abc', 0],
	['delete takes the letter at the caret', typed('abc', 'start', 'delete'), 'bc', 0],
	['the caret stays inside', typed('ab', 'right', 'right', 'left', 'left', 'left'), 'ab', 0],
	['clear drops what is before the caret', typed('web:80', 'left', 'left', 'clear'), '80', 0],
	['a letter of several code points is one', typed('é👩‍💻', 'backspace'), 'é', 1],
	['end', typed('ab', 'start', 'end', {insert: 'c'}), 'abc', 3],
])('%s', (_, field, value, caret) => {
	expect(field).toEqual({value, caret});
});
