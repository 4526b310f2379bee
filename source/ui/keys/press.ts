import type {Key} from 'ink';
import {graphemes} from '../../text/graphemes.js';

/**
 * Names of the keys in one event of Ink's useInput: "up", "enter", "ctrl-c", or the character itself. Over a slow line several
 * keys arrive in one event ("jj"), so the input is split into its characters first.
 */
export function keyNames(input: string, key: Partial<Key>): string[] {
	const special = specials.find(name => key[name]);
	if (special) return [special === 'return' ? 'enter' : special.replace('Arrow', '').toLowerCase()];
	if (key.ctrl) return [`ctrl-${input}`];
	if (key.meta) return [];
	const arrow = tornArrows[input];
	if (arrow) return [arrow];
	return graphemes(input)
		.map(letter => controls[letter] ?? letter)
		.filter(name => !isControl(name));
}

/** Whether a key's name stands for a character that can be typed. */
export function isCharacter(name: string): boolean {
	return graphemes(name).length === 1;
}

function isControl(name: string): boolean {
	return /^\p{Cc}/u.test(name);
}

const specials = [
	'upArrow',
	'downArrow',
	'leftArrow',
	'rightArrow',
	'pageDown',
	'pageUp',
	'home',
	'end',
	'return',
	'escape',
	'tab',
	'backspace',
	'delete',
] as const;
const controls: Record<string, string> = {
	'\r': 'enter',
	'\n': 'enter',
	'\r\n': 'enter',
	'\t': 'tab',
	'\u007f': 'backspace',
	'\b': 'backspace',
	'\u0003': 'ctrl-c',
	'\u001a': 'ctrl-z',
	'\u001b': 'escape',
};
/** On a slow line an arrow's Esc may come by itself; what is left of the sequence comes as these characters. */
const tornArrows: Record<string, string> = {'[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left'};
