import type {Proof} from '../../proof/proof.js';
import type {Field} from '../../rows/hop-details.js';
import type {TraceFacts} from '../../rows/trace.js';
import {traceFields, traceSummary} from '../../rows/trace-details.js';
import {comparisonWords} from '../../rows/trace-words.js';
import {memo} from '../state/memo.js';
import type {ClientAwaited, TraceCompared, TraceRun} from '../state/state.js';
import {fieldLines} from './detail-lines.js';
import type {DetailsView} from './details-view.js';
import {type Line, span} from './line.js';
import {wrapWords} from './wrap.js';

/** The tab "Trace" of a hop: what was seen there, or why there is nothing to see. */
export function traceLines(run: TraceRun | null, facts: TraceFacts | null, index: number, width: number): Line[] {
	if (!run) return words(['This request was not traced yet: t traces it.'], width);
	const {outcome} = run;
	if (outcome.kind === 'running') return words(['The request is under way. t cancels the trace.'], width);
	if (outcome.kind === 'failed') return [[span('No trace', 'undetermined')], ...words([outcome.why], width)];
	const own = facts ? told(traceFields(facts, index), width) : [];
	return index === 0 && facts === outcome.proof ? [...summary(outcome.proof, outcome.compared, width), [], ...own] : own;
}

/** About the row of the answer: how the whole exchange fared, and where its time went. */
export const answerView = memo(({outcome}: TraceRun, width: number): DetailsView => {
	const lines =
		outcome.kind === 'done'
			? [...summary(outcome.proof, outcome.compared, width - 4), ...words(['b shows the way back, hop by hop.'], width - 4)]
			: [];
	return {title: 'The answer', right: span(''), tabs: '', lines};
});

/** While a client elsewhere is waited for: the line to run there; while whoever asks is: where. */
export const waitingView = memo(({line, asks, seconds}: ClientAwaited, width: number): DetailsView => {
	if (line === null) {
		const waits = `The trace is armed and waits at most ${seconds} s for the next request to ${asks}, from anywhere: it follows the first one that comes.`;
		const lines = [...words([waits], width - 4), [], ...words(['esc cancels.'], width - 4)];
		return {title: 'Trace: waiting for whoever asks', right: span(''), tabs: '', lines};
	}
	const before = `The trace is armed and waits at most ${seconds} s for a request to ${asks}. On the client run:`;
	return {
		title: 'Trace: waiting for the client',
		right: span(''),
		tabs: '',
		lines: [
			...words([before], width - 4),
			[],
			...wrapWords(line, width - 6).map((part): Line => [span(`  ${part}`, 'strong')]),
			[],
			...words(['y copies it, esc cancels.'], width - 4),
		],
	};
});

function summary(proof: Proof, compared: TraceCompared | null, width: number): Line[] {
	const fields = [
		...traceSummary(proof),
		...(compared ? [{label: 'before', text: comparisonWords(compared.comparison, compared.time)}] : []),
	];
	return told(fields, width);
}

/** Labelled lines; a disagreement is never quiet: all of its lines stand out. */
function told(fields: readonly Field[], width: number): Line[] {
	return fields.flatMap(one => {
		const lines = fieldLines([one], width);
		return /NOT AS EXPLAINED|OTHERWISE THAN/.test(one.text) ? lines.map(line => line.map(({text}) => span(text, 'blocks'))) : lines;
	});
}

function words(texts: readonly string[], width: number): Line[] {
	return texts.flatMap(text => wrapWords(text, width)).map(line => [span(line)]);
}
