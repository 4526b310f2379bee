import {pathMarks} from '../../rows/marks.js';
import {agreementPhrase, comparisonPhrase, traceVerdict} from '../../rows/trace-words.js';
import {flowTitle, verdictPhrase} from '../../rows/words/en.js';
import {clock} from '../state/probe-table.js';
import {shownPath, shownTrace} from '../state/selected.js';
import type {FlowState, TraceRun} from '../state/state.js';
import type {Style} from './line.js';

/** What stands in the border of the flow pane. */
export interface FlowHead {
	title: string;
	right: string;
	rightStyle: Style | undefined;
	/** In the lower border. */
	below: string;
}

/** Title, verdict and time of what the flow pane shows: an explanation, or a trace. */
export function flowHead(flow: FlowState): FlowHead {
	const path = shownPath(flow);
	const run = shownTrace(flow);
	if (!path) return {title: '3 Request flow', right: flow.asking ? 'reading…' : '', rightStyle: 'quiet', below: ''};
	const what = flow.reply ? 'The way back' : run ? 'Trace' : 'Request flow';
	const title = `3 ${what}  ${flowTitle(path)}`;
	if (run) return {title, ...traceHead(run)};
	if (flow.asking) return {title, right: 'reading…', rightStyle: 'quiet', below: ''};
	return {title, right: `${pathMarks[path.verdict]} ${verdictPhrase(path)}`, rightStyle: verdictStyles[path.verdict], below: ''};
}

function traceHead({at, outcome}: TraceRun): Omit<FlowHead, 'title'> {
	if (outcome.kind === 'running') {
		const {client, seconds} = outcome;
		const right = client
			? `waiting for ${client.line === null ? 'whoever asks' : 'the client'}, ${seconds} of ${client.seconds} s`
			: `tracing, ${seconds} s`;
		return {right, rightStyle: 'undetermined', below: ''};
	}
	if (outcome.kind === 'failed') return {right: '', rightStyle: 'quiet', below: ''};
	const {proof, recorded, travelled, compared} = outcome;
	const when = recorded ? `recorded ${at.slice(0, 16).replace('T', ' ')} UTC` : `traced at ${clock(at)}`;
	if (travelled !== null) return {right: 'on its way…', rightStyle: 'quiet', below: when};
	const {path, agreement} = proof;
	const phrase = agreementPhrase(proof);
	return {
		right: `${pathMarks[path.verdict]} ${traceVerdict({...path, reply: null})}${phrase ? `, ${phrase}` : ''}`,
		rightStyle: agreement === false ? 'blocks' : verdictStyles[path.verdict],
		below: compared ? `${when} · ${comparisonPhrase(compared.comparison, compared.time)}` : when,
	};
}

const verdictStyles: Record<'delivered' | 'forwarded' | 'blocked' | 'undetermined', Style> = {
	delivered: 'passes',
	forwarded: 'passes',
	blocked: 'blocks',
	undetermined: 'undetermined',
};
