import type {Finding, Path} from '../../model/index.js';
import type {Field} from '../../rows/hop-details.js';
import {marks} from '../../rows/marks.js';
import {fieldLines} from './detail-lines.js';
import {type Line, span} from './line.js';
import {wrapWords} from './wrap.js';

/** What the diagnosis found on a path: each with its hop, what to do, and the facts that it rests on. */
export function findingLines({findings}: Pick<Path, 'findings'>, width: number): Line[] {
	return findings.flatMap((finding, index): Line[] => [...(index > 0 ? [[]] : []), ...oneFinding(finding, width)]);
}

function oneFinding({id, severity, hop, summary, remedy, evidence}: Finding, width: number): Line[] {
	const verdict = severity === 'info' ? undefined : 'blocks';
	const head = `${severity === 'info' ? marks.notReached : marks.blocks} ${severity}${hop === null ? '' : ` at hop ${hop + 1}`}: ${id}`;
	const fields: Field[] = [
		{label: 'to do', text: remedy},
		...evidence.flatMap(({fact, command}): Field[] => [
			{label: 'fact', text: fact},
			{label: 'see it', text: command},
		]),
		{label: 'more', text: `dockhop explain ${id}`},
	];
	return [
		[span(head, verdict)],
		...wrapWords(summary, width).map((part): Line => [span(part)]),
		...fieldLines(
			fields.filter(({text}) => text !== ''),
			width,
		),
	];
}
