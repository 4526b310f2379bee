import {styleText} from 'node:util';
import {toAscii} from '../rows/ascii.js';
import {clean} from '../text/clean.js';
import {withoutSecrets} from '../text/without-secrets.js';
import {exitCodes} from './exit-codes.js';
import type {Format} from './options.js';

/** The one way by which commands write. */
export interface Output {
	/** Text for people on stdout. */
	lines(lines: readonly string[]): void;
	/** One JSON document on stdout. */
	document(value: object): void;
	/** Text that is written to stdout as it is (a completion script). */
	text(text: string): void;
	/** What a person must know meanwhile, on stderr. */
	note(line: string): void;
	/** Columns to cut tables to; null: not a terminal, nothing is cut. */
	width: number | null;
}

interface OutputOptions {
	color: boolean;
	ascii: boolean;
	/** Markdown is written to be pasted for others to read: without the secrets in URLs. */
	format?: Format;
}

/** Writes to this process's stdout and stderr. A reader that has gone away (EPIPE) is no error: what is left is not written. */
export function standardOutput(
	{color, ascii: asked, format}: OutputOptions,
	streams: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'> = process,
): Output {
	const {stdout, stderr, env} = streams;
	for (const stream of [stdout, stderr]) stream.on('error', error => unwritten(error, stderr));
	// On a terminal whose locale names another character set than UTF-8 (locale(7)) ASCII is drawn unasked.
	const ascii = asked || (stdout.isTTY === true && !/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8'));
	const coloured = color && stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
	const shown = (line: string) => {
		const told = format === 'markdown' ? withoutSecrets(line) : line;
		const safe = clean(told, Number.MAX_SAFE_INTEGER);
		const drawn = ascii ? toAscii(safe) : safe;
		return `${coloured ? colouredLine(drawn, line) : drawn}\n`;
	};
	return {
		lines: lines => void stdout.write(lines.map(shown).join('')),
		document: value => void stdout.write(`${jsonText(value)}\n`),
		text: text => void stdout.write(text),
		note: line => void stderr.write(shown(line)),
		// A terminal that does not know its size says 0.
		width: (stdout.isTTY && stdout.columns) || null,
	};
}

/** JSON whose strings hold no character that a terminal would obey: those are written as \u escapes. */
export function jsonText(value: object, indent = 2): string {
	return JSON.stringify(value, null, indent).replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, character =>
		[...Array(character.length).keys()].map(at => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
	);
}

/** The mark in front of a row tells; the colour only repeats it. A disagreement is written in capitals, and red. */
function colouredLine(drawn: string, original: string): string {
	if (original.startsWith('NOT AS EXPLAINED')) return styleText('red', drawn, {validateStream: false});
	const mark = /^ ([✓✗?·]) /.exec(original)?.[1];
	const colour = mark && markColours[mark];
	if (!colour) return drawn;
	return ` ${styleText(colour, drawn.slice(1, 2), {validateStream: false})}${mark === '·' ? styleText('dim', drawn.slice(2), {validateStream: false}) : drawn.slice(2)}`;
}

/** What cannot be written (a full disk) is told in one line, and no exit code of a request stands for it. */
function unwritten({code, message}: NodeJS.ErrnoException, stderr: NodeJS.WriteStream): void {
	if (code === 'EPIPE' || code === 'EIO') return;
	stderr.write(`dockhop: what was found cannot be written: ${clean(message)}\n`);
	process.exit(exitCodes.usage);
}

const markColours: Record<string, 'green' | 'red' | 'yellow' | 'dim'> = {'✓': 'green', '✗': 'red', '?': 'yellow', '·': 'dim'};
