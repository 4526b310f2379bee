import {graphemes} from '../../text/graphemes.js';

/** A line that is being typed. The caret counts characters as a person sees them (grapheme clusters). */
export interface TextField {
	value: string;
	caret: number;
}

export type TextEdit = {insert: string} | 'backspace' | 'delete' | 'left' | 'right' | 'start' | 'end' | 'clear';

/** One edit of the line. Inserted text is already clean and has no line breaks. */
export function editText(field: TextField, edit: TextEdit): TextField {
	const letters = graphemes(field.value);
	const before = letters.slice(0, field.caret);
	const after = letters.slice(field.caret);
	if (typeof edit === 'object') {
		const value = `${before.join('')}${edit.insert}`;
		return {value: `${value}${after.join('')}`, caret: graphemes(value).length};
	}
	switch (edit) {
		case 'backspace':
			return {value: [...before.slice(0, -1), ...after].join(''), caret: Math.max(0, field.caret - 1)};
		case 'delete':
			return {value: [...before, ...after.slice(1)].join(''), caret: field.caret};
		case 'left':
			return {...field, caret: Math.max(0, field.caret - 1)};
		case 'right':
			return {...field, caret: Math.min(letters.length, field.caret + 1)};
		case 'start':
			return {...field, caret: 0};
		case 'end':
			return {...field, caret: letters.length};
		case 'clear':
			return {value: after.join(''), caret: 0};
	}
}

/** A field with the caret behind its text. */
export function fieldOf(value: string): TextField {
	return {value, caret: graphemes(value).length};
}
