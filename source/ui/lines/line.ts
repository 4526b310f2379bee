import stringWidth from 'string-width';
import {toAscii} from '../../rows/ascii.js';
import {graphemes} from '../../text/graphemes.js';

/** A piece of a line in one style. */
export interface Span {
	text: string;
	style?: Style;
}

export type Line = readonly Span[];
/** Names of meanings, not of colours. */
export type Style = 'passes' | 'blocks' | 'undetermined' | 'quiet' | 'strong' | 'caret';

/** How this terminal is drawn to: decided once, at the start. */
export interface Look {
	ascii: boolean;
	color: boolean;
}

export function span(text: string, style?: Style): Span {
	return style ? {text, style} : {text};
}

/** The line in exactly `width` cells: cut at its end with "…", or filled with spaces. Letters that --ascii replaces are replaced. */
export function fitLine(line: Line, width: number, {ascii}: Look): Line {
	const spans = ascii ? line.map(({text, style}) => ({text: toAscii(text), style})) : line;
	const total = lineWidth(spans);
	if (total <= width) return total === width ? spans : [...spans, {text: ' '.repeat(width - total)}];
	const cut: Span[] = [];
	let left = width - 1;
	for (const {text, style} of spans) {
		const kept = cutEnd(text, left);
		left -= stringWidth(kept);
		cut.push({text: kept, style});
		if (kept !== text) break;
	}
	return [...cut, {text: `${ascii ? '~' : '…'}${' '.repeat(Math.max(0, left))}`}];
}

export function lineWidth(line: Line): number {
	return line.reduce((sum, {text}) => sum + stringWidth(text), 0);
}

/** At most `width` cells from the start of a text, whole letters only. */
export function cutEnd(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	let used = 0;
	const letters = graphemes(text);
	const end = letters.findIndex(letter => {
		used += stringWidth(letter);
		return used > width;
	});
	return letters.slice(0, end).join('');
}
