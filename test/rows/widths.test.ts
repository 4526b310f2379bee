import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {cutMiddle, padded} from '../../source/rows/widths.js';

test.each([
	['short', 10, 'short'],
	['br-5f12ab34cd56', 9, 'br-5…cd56'],
	['br-5f12ab34cd56', 8, 'br-5…d56'],
	['日本語テスト', 7, '日…スト'],
	['abc', 1, '…'],
	['abc', 0, ''],
])('%s in %i cells: %s', (text, width, shown) => {
	expect(cutMiddle(text, width)).toBe(shown);
	expect(stringWidth(shown)).toBeLessThanOrEqual(width || 0);
});

test('filled up to the width, on the side that the column wants', () => {
	expect(padded('日本', 6)).toBe('日本  ');
	expect(padded('80', 5, 'right')).toBe('   80');
});
