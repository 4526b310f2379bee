import {clean} from '../text/clean.js';

/** The lines of a text in which each one ends with a line feed, without empty ones. Throws where the last one was cut off: it would read as another fact. */
export function wholeLines(text: string): string[] {
	const lines = text.split('\n');
	const rest = lines.pop() ?? '';
	if (rest !== '') throw new Error(`line ${lines.length + 1} is cut off: "${clean(rest, 60)}"`);
	return lines.filter(line => line.trim() !== '');
}
