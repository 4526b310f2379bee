import {clean} from '../text/clean.js';

/** Text of many lines without control characters, also those that JSON writes as \u001b. */
export function cleanLines(text: string): string {
	return text
		.replace(/\\u00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f])/gi, '\\ufffd')
		.split('\n')
		.map(line => clean(line, Number.POSITIVE_INFINITY))
		.join('\n');
}
