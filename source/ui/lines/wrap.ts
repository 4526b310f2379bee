import stringWidth from 'string-width';
import {cutEnd} from './line.js';

/** Words in lines of at most `width` cells; a word that is longer than a line is broken. Always at least one line. */
export function wrapWords(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		const joined = line === '' ? word : `${line} ${word}`;
		if (stringWidth(joined) <= width) {
			line = joined;
			continue;
		}
		if (line !== '') lines.push(line);
		const pieces = broken(word, width);
		lines.push(...pieces.slice(0, -1));
		line = pieces.at(-1) ?? '';
	}
	return [...lines, line];
}

function broken(word: string, width: number): string[] {
	const pieces: string[] = [];
	let rest = word;
	while (stringWidth(rest) > width) {
		// A letter wider than the line still has to go somewhere.
		const piece = cutEnd(rest, width) || [...rest][0] || rest;
		pieces.push(piece);
		rest = rest.slice(piece.length);
	}
	return [...pieces, rest];
}
