import {expect, test} from 'vitest';
import {clipboardSequence} from '../../source/ui/clipboard.js';

test('OSC 52 with the text in base64', () => {
	expect(clipboardSequence('ü', false)).toBe('\u001b]52;c;w7w=\u0007');
});

test('inside tmux it is passed on: every ESC doubled', () => {
	expect(clipboardSequence('a', true)).toBe('\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\');
});
