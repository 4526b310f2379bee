import stringWidth from 'string-width';
import type {Details} from '../../rows/details.js';
import type {Field, HopDetails, RuleLine} from '../../rows/hop-details.js';
import {marks} from '../../rows/marks.js';
import {type Line, span} from './line.js';
import {wrapWords} from './wrap.js';

/** A hop's details in one of the tabs Hop, Evidence, Rules. A rule's text is cut to one line unless they are drawn large. */
export function hopLines(details: HopDetails, tab: number, width: number, large: boolean): Line[] {
	if (tab === 1) return evidenceLines(details, width);
	if (tab === 2)
		return details.rules.length > 0 ? details.rules.flatMap(rule => ruleLines(rule, width)) : [[span('No rules here.', 'quiet')]];
	const about = sentences(details.about, width);
	// The fields begin at the same line for most hops: what is the same at the next hop is then not drawn again.
	const gap = Array.from({length: Math.max(1, usualAbout - about.length + 1)}, (): Line => []);
	return [
		...about,
		...gap,
		...(large
			? fieldLines(details.fields, width)
			: details.fields.flatMap(one => (one.label === 'by' ? fieldLines([one], Infinity) : fieldLines([one], width)))),
	];
}

/** The box about the selected network or container. */
export function boxLines({fields, about}: Details, width: number): Line[] {
	return [...fieldLines(fields, width), ...(about === '' ? [] : [[], ...sentences([about], width)])];
}

/**
 * Labels in one column, their texts beside it, wrapped. A field with an empty label goes on with the one above. Labels have no style of
 * their own: its codes would be written again with every line that changes.
 */
export function fieldLines(fields: readonly Field[], width: number): Line[] {
	const column = Math.min(14, Math.max(usualLabel, ...fields.map(({label}) => stringWidth(label)))) + 2;
	return fields.flatMap(({label, text}) =>
		wrapWords(text, Math.max(1, width - column)).map((part, index): Line => [span(`${(index === 0 ? label : '').padEnd(column)}${part}`)]),
	);
}

function evidenceLines({evidence}: HopDetails, width: number): Line[] {
	if (evidence.length === 0) return [[span('No fact was read for this hop.', 'quiet')]];
	return evidence.flatMap(({fact, source, command, certainty}) => [
		...wrapWords(fact, width - 2).map(
			(part, index): Line => [span(index === 0 ? `${certaintyMarks[certainty]} ` : '  ', styles[certainty]), span(part)],
		),
		...wrapWords([certainty, source].filter(Boolean).join(', '), width - 2).map((part): Line => [span(`  ${part}`, 'quiet')]),
		...(command === '' ? [] : wrapWords(command, width - 2).map((part): Line => [span(`  ${part}`)])),
	]);
}

function ruleLines({place, text, matched, outcome, label}: RuleLine, width: number): Line[] {
	const mark = matched === null ? '?' : matched ? '▸' : '·';
	const style = matched === null ? 'undetermined' : matched ? 'strong' : 'quiet';
	return [
		[
			span(`${mark} ${place}`, style),
			span(`  ${outcome}`, matched === null ? 'undetermined' : undefined),
			span(label === '' ? '' : `  ${label}`, 'quiet'),
		],
		...wrapWords(text, width - 2).map((part): Line => [span(`  ${part}`, 'quiet')]),
	];
}

function sentences(texts: readonly string[], width: number): Line[] {
	return texts.flatMap(text => wrapWords(text, width).map((line): Line => [span(line)]));
}

const usualAbout = 3;
const usualLabel = 8;
const certaintyMarks = {observed: marks.passes, inferred: '~', missing: marks.undetermined} as const;
const styles = {observed: 'passes', inferred: 'quiet', missing: 'undetermined'} as const;
