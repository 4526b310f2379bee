import {describe, expect, it} from 'vitest';
import {clean} from '../../source/text/clean.js';

describe('clean', () => {
	it.each([
		['plain', 'web-01', 'web-01'],
		['escape sequence', '\u001b[31mred\u001b]8;;http://x\u0007', '�[31mred�]8;;http://x�'],
		['C1 control', 'a\u009b2Jb', 'a�2Jb'],
		['bidi override', 'a\u202eb', 'a�b'],
		['line breaks', 'a\r\nb\tc', 'a b c'],
		['wide and accented letters stay', 'データ café', 'データ café'],
		['lone surrogate', 'a\ud800b', 'a�b'],
	])('%s', (_what, input, expected) => {
		expect(clean(input)).toBe(expected);
	});

	it('cuts what is too long', () => {
		expect(clean('x'.repeat(600))).toHaveLength(512);
	});
});
