import stringWidth from 'string-width';
import type {SessionState} from '../../session/session.js';
import {clock} from '../state/probe-table.js';
import {type Line, span} from './line.js';
import {wrapWords} from './wrap.js';

/** What was tried to reach an engine, and what a person can do about it. */
export function noEngineLines(link: Extract<SessionState['link'], {kind: 'lost'}>, width: number): Line[] {
	const column = Math.max(0, ...link.tried.map(({what}) => stringWidth(what)));
	const tried = link.tried.flatMap(({what, result}, index) =>
		wrapWords(result, Math.max(10, width - column - 11)).map(
			(part, at): Line => [
				span(index === 0 && at === 0 ? 'tried   ' : '        ', 'quiet'),
				span(at === 0 ? what.padEnd(column) : ' '.repeat(column)),
				span(`   ${part}`),
			],
		),
	);
	const next = link.nextTry === null ? [] : [[span(`Tries again at ${clock(link.nextTry)}.`, 'quiet')]];
	return [
		...wrapWords(link.reason, width).map((line): Line => [span(line)]),
		[],
		...tried,
		[],
		...link.advice.flatMap(line => wrapWords(line, width)).map((line): Line => [span(line)]),
		...next,
		[],
	];
}
