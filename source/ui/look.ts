import type {Look} from './lines/line.js';

/**
 * How to draw, decided once: colours unless --no-color or NO_COLOR (no-color.org) says otherwise; ASCII where asked for or
 * where the locale names a character set that is not UTF-8 (locale(7): LC_ALL before LC_CTYPE before LANG).
 */
export function lookOf({ascii, color}: Look, env: NodeJS.ProcessEnv): Look {
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8';
	return {ascii: ascii || !/utf-?8/i.test(locale), color: color && !env.NO_COLOR};
}
