import type {Certainty, Evidence, Hop, Path, Step} from '../model/index.js';
import {decidingStep, hopWord, rewritten, ruleWord} from './hops.js';
import {causeWords} from './words/causes.js';
import {counterWords, natWords, packetWords} from './words/en.js';
import {hopKindWords} from './words/hop-kinds.js';
import {unknownWords} from './words/unknowns.js';

export interface Field {
	label: string;
	text: string;
}

/** One rule that was looked at: where it is, its text, and why it matched or not. */
export interface RuleLine {
	id: string;
	/** "nat DOCKER rule 2" */
	place: string;
	text: string;
	matched: boolean | null;
	/** "jump to DOCKER", "passed by: -i eth1", "cannot be told: --foo: not understood" */
	outcome: string;
	label: string;
}

/** Everything that is shown of the selected hop. */
export interface HopDetails {
	/** "Hop 3  NAPT: DNAT, DOCKER rule 2" */
	title: string;
	/** The weakest certainty among the evidence; null where there is none. */
	certainty: Certainty | null;
	/** What such a hop is, then why it stops or cannot be told, sentence by sentence. */
	about: string[];
	fields: Field[];
	evidence: Evidence[];
	rules: RuleLine[];
}

/** What is to be said about one hop of a path; `index` counts from 0. */
export function hopDetails(path: Pick<Path, 'hops' | 'findings'>, index: number): HopDetails | null {
	const hop = path.hops[index];
	if (!hop) return null;
	return {
		title: `Hop ${index + 1}  ${hopWord(hop)}`,
		certainty: weakest(hop.evidence),
		about: aboutHop(hop),
		fields: [
			...packetFields(hop),
			...decidingFields(hop),
			...placeFields(hop),
			...remedyFields(path, hop, index),
			...field('see it', hop.command),
		],
		evidence: hop.evidence,
		rules: hop.steps.map(ruleLine),
	};
}

function aboutHop(hop: Hop): string[] {
	return [
		hop.packetAfter && hop.kind === 'netfilter' ? natWords(rewritten(hop.packet, hop.packetAfter)) : hopKindWords[hop.kind].about,
		...(hop.cause ? [causeWords[hop.cause].about] : []),
		...(hop.unknown ? [unknownWords[hop.unknown.id].about] : []),
	];
}

function packetFields({packet, packetAfter}: Hop): Field[] {
	if (!packetAfter) return field('packet', packetWords(packet));
	return [...field('before', packetWords(packet)), ...field('after', packetWords(packetAfter))];
}

function decidingFields(hop: Hop): Field[] {
	const step = decidingStep(hop);
	// What stops at a hop whose rules let it pass is not stopped by a rule.
	if (!step || (hop.verdict === 'blocks' && step.verdict?.endsWith('accept'))) return field('says', hop.says);
	const jump = hop.steps.slice(0, hop.steps.indexOf(step)).findLast(({to, matched}) => matched === true && to === step.chain);
	return [
		...field('says', hop.says),
		...field('by', `${step.table} ${ruleWord(step)}  ${ruleText(step)}`),
		...(jump ? field('from', `${jump.table} ${ruleWord(jump)}  ${ruleText(jump)}`) : []),
		...(step.label && !hop.says.includes(step.label) ? field('that is', step.label) : []),
		...(step.counters ? field('counters', counterWords(step.counters)) : []),
	];
}

function placeFields(hop: Hop): Field[] {
	if (hop.kind === 'netfilter') return field('of', hop.of ?? '');
	return [...field('of', hop.of ?? ''), ...field('address', hop.address ?? ''), ...field('names', hop.names.join(', '))];
}

function remedyFields(path: Pick<Path, 'findings'>, hop: Hop, index: number): Field[] {
	const findings = path.findings.filter(finding => finding.hop === index);
	const todo = findings.length > 0 ? findings.map(finding => finding.remedy) : hop.cause ? causeWords[hop.cause].todo : [];
	return [...todo.flatMap(text => field('to do', text)), ...field('to know', hop.unknown?.tell ?? '')];
}

function field(label: string, text: string): Field[] {
	return text === '' ? [] : [{label, text}];
}

function ruleLine(step: Step, index: number): RuleLine {
	return {
		id: String(index),
		place: `${step.table} ${ruleWord(step)}`,
		text: ruleText(step),
		matched: step.matched,
		outcome: outcome(step),
		label: step.label ?? '',
	};
}

function outcome({matched, verdict, to, why, reject}: Step): string {
	if (matched === false) return why ? `passed by: ${why}` : 'passed by';
	if (matched === null) return why ? `cannot be told: ${why}` : 'not understood';
	return [verdict ?? 'continue', to ? `to ${to}` : '', reject ? `with ${reject}` : ''].filter(Boolean).join(' ');
}

/** The rule without the `-A CHAIN` in front: its place is told beside it. */
function ruleText({text, chain}: Step): string {
	return text.startsWith(`-A ${chain} `) ? text.slice(`-A ${chain} `.length) : text;
}

function weakest(evidence: readonly Evidence[]): Certainty | null {
	return (['missing', 'inferred', 'observed'] as const).find(certainty => evidence.some(one => one.certainty === certainty)) ?? null;
}
