import type {Path} from '../model/index.js';
import type {Comparison} from '../proof/compare.js';
import type {Stage} from '../proof/latency.js';
import type {Proof} from '../proof/proof.js';
import {bar} from './bar.js';
import {witnessWords} from './witness-words.js';
import {microseconds} from './words/times.js';

type Ending = Pick<Path, 'verdict' | 'blockedAt' | 'lost'> & Partial<Pick<Path, 'reply'>>;

/** "delivered", "blocked at hop 5", "answer lost at hop 3 of the way back": how the traced request really fared. */
export function traceVerdict({verdict, blockedAt, lost, reply = null}: Ending): string {
	if (verdict !== 'blocked') return verdict;
	const hop = (blockedAt ?? 0) + 1;
	if (lost === 'answer') {
		const own = reply?.blockedAt ?? null;
		return `answer lost at hop ${hop}${own === null ? '' : ` (hop ${own + 1} of the way back)`}`;
	}
	return lost === 'later' ? `packets that follow lost at hop ${hop}` : `blocked at hop ${hop}`;
}

/** "as explained", "NOT AS EXPLAINED", or nothing where that cannot be told. */
export function agreementPhrase({agreement}: Pick<Proof, 'agreement'>): string {
	return agreement === null ? '' : agreement ? 'as explained' : 'NOT AS EXPLAINED';
}

/** The sentences under a trace: what happened, whether that was explained, where the time went, what could not be seen. */
export function traceWords(proof: Proof): string[] {
	return [...traceSentences(proof), ...witnessWords(proof), timeWords(proof), ...proof.notSeen.map(line => `not seen: ${line}`)].filter(
		line => line !== '',
	);
}

/** What happened to the request, and whether that was explained. */
export function traceSentences(proof: Proof): string[] {
	const {path, says} = proof;
	const dying = path.lost === 'answer' && path.reply ? path.reply.hops[path.reply.blockedAt ?? 0] : path.hops[path.blockedAt ?? 0];
	const command = path.verdict === 'blocked' ? (dying?.command ?? '') : '';
	return [
		`${traceVerdict(path)}${says ? `: ${says}` : ''}.${command ? `  See it: ${command}` : ''}`,
		agreementSentence(proof),
		repeatedWords(proof),
	].filter(line => line !== '');
}

/** One line for a trace among many (--watch). */
export function traceLine(proof: Proof, client: string): string {
	const {path, says, agreement} = proof;
	return `${client}  ${traceVerdict(path)}${says ? `: ${says}` : ''}${agreement === false ? '  (not as explained)' : ''}`;
}

/** Both sides of a disagreement: what was explained, what was seen, and at which hops. */
function agreementSentence({agreement, explained, path, differs}: Proof): string {
	if (agreement === null) return '';
	if (agreement) return 'As explained.';
	const hops = differs.length > 0 ? `; other than explained: hop ${differs.map(index => index + 1).join(', ')}` : '';
	return `NOT AS EXPLAINED: the explanation was "${traceVerdict(explained)}", seen was "${traceVerdict(path)}"${hops}.`;
}

/** "6.8 ms in all: connect 0.4 ms ▎  application 4.8 ms ██▊  rest 1.6 ms █"; empty where no part of it was measured. */
function timeWords({latency}: Pick<Proof, 'latency'>): string {
	const parts = timeParts(latency).map(({name, time, share}) => `${name} ${time} ${share}`);
	return parts.length === 0 ? '' : `${microseconds(latency.total ?? 0)} in all: ${parts.join('  ')}`;
}

/** Where the time went: each part with its share as a bar. Empty where no part of it was measured. */
export function timeParts({stages, total}: Proof['latency']): {name: string; time: string; share: string}[] {
	if (total === null || !stages.some(({id}) => id === 'application' || id === 'tls')) return [];
	return stages.map(({id, us}) => ({name: stageNames[id], time: microseconds(us), share: bar(us, total)}));
}

/** "as at 22:14:03, 0.3 ms longer", "OTHERWISE THAN at 22:14:03": beside the trace of that time. */
export function comparisonPhrase({ended, total}: Comparison, time: string): string {
	if (ended) return `OTHERWISE THAN at ${time}`;
	return `as at ${time}${total ? `, ${microseconds(Math.abs(total))} ${total > 0 ? 'longer' : 'shorter'}` : ''}`;
}

/** The same with what it was then, or which part of the time has changed most. */
export function comparisonWords(comparison: Comparison, time: string): string {
	const {ended, total, most} = comparison;
	const phrase = comparisonPhrase(comparison, time);
	if (ended) return `${phrase}: then ${traceVerdict(ended)}`;
	return total && most?.us ? `${phrase} (${stageWord(most)})` : phrase;
}

function stageWord({id, us}: Stage): string {
	return `${stageNames[id]} ${us > 0 ? '+' : '−'}${microseconds(Math.abs(us))}`;
}

function repeatedWords({repeated: {request, answer}}: Proof): string {
	if (request === 0 && answer === 0) return '';
	const times = (count: number) => `${count} ${count === 1 ? 'time' : 'times'}`;
	return [
		...(request > 0 ? [`The first packet was sent again ${times(request)}.`] : []),
		...(answer > 0 ? [`The answer to it was sent again ${times(answer)}.`] : []),
	].join('  ');
}

const stageNames: Record<Stage['id'], string> = {dns: 'name', connect: 'connect', tls: 'tls', application: 'application', rest: 'rest'};
