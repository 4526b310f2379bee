import {clean} from './clean.js';

/**
 * Text of many lines (rule dumps, files) made harmless like `clean`, of any length; line breaks stay. Control characters that a JSON
 * text writes as escapes (\u001b) would come to life when it is parsed: they become "�" as well.
 */
export function cleanLines(text: string): string {
	return text
		.replace(/\\u00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f])/gi, '\\ufffd')
		.split('\n')
		.map(line => clean(line, Number.POSITIVE_INFINITY))
		.join('\n');
}
