import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import plainWidth, {plainSigns} from '../../scripts/plain-width.ts';

test('every plain sign is one cell wide, alone and among others', () => {
	const signs = Array.from({length: 0x10000}, (_, code) => String.fromCharCode(code)).filter(sign => plainSigns.test(sign));
	expect(signs).toEqual(expect.arrayContaining([...'aé·…→│─┃━▸✓✗×']));
	expect(signs.filter(sign => stringWidth(sign) !== 1 || stringWidth(`a${sign}${sign}b`) !== 4)).toEqual([]);
});

test('what may be wide, joins or is not seen is no plain sign', () => {
	for (const text of ['日本', 'e\u0301', '\u001b[1m', '\u00ad', '👍', '\u200d', '⌚', '▶️', 'ﾞ', '\t'])
		expect(plainSigns.test(text)).toBe(false);
});

test('colours take no room', () => {
	for (const text of ['\u001b[1m│\u001b[22m', '\u001b[38;5;1m✓ a\u001b[0m', '']) expect(plainWidth(text), text).toBe(stringWidth(text));
});
