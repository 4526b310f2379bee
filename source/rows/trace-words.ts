import type {Path} from '../model/index.js';
import type {Comparison} from '../proof/compare.js';
import type {Stage} from '../proof/latency.js';
import type {Proof} from '../proof/proof.js';
import {bar} from './bar.js';
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
	const {path, says, notSeen} = proof;
	const dying = path.lost === 'answer' && path.reply ? path.reply.hops[path.reply.blockedAt ?? 0] : path.hops[path.blockedAt ?? 0];
	const command = path.verdict === 'blocked' ? (dying?.command ?? '') : '';
	return [
		`${traceVerdict(path)}${says ? `: ${says}` : ''}.${command ? `  See it: ${command}` : ''}`,
		agreementSentence(proof),
		repeatedWords(proof),
		timeWords(proof),
		...notSeen.map(line => `not seen: ${line}`),
	].filter(line => line !== '');
}

/** One line for a trace among many (--watch). */
export function traceLine(proof: Proof, client: string): string {
	const {path, says, agreement} = proof;
	return `${client}  ${traceVerdict(path)}${says ? `: ${says}` : ''}${agreement === false ? '  (not as explained)' : ''}`;
}

/** Both sides of a disagreement: what was explained, what was seen, and at which hops. */
export function agreementSentence({agreement, explained, path, differs}: Proof): string {
	if (agreement === null) return '';
	if (agreement) return 'As explained.';
	const hops = differs.length > 0 ? `; other than explained: hop ${differs.map(index => index + 1).join(', ')}` : '';
	return `NOT AS EXPLAINED: the explanation was "${traceVerdict(explained)}", seen was "${traceVerdict(path)}"${hops}.`;
}

/** "6.8 ms in all: connect 0.4 ms ▎  application 4.8 ms ██▊  rest 1.6 ms █"; empty where no part of it was measured. */
export function timeWords({latency: {stages, total}}: Pick<Proof, 'latency'>): string {
	if (total === null || !stages.some(({id}) => id === 'application' || id === 'tls')) return '';
	return `${microseconds(total)} in all: ${stages.map(stage => `${stageWord(stage)} ${bar(stage.us, total)}`).join('  ')}`;
}

/** "as before", "before: blocked at hop 5", "as before, 0.3 ms longer: application +0.2 ms". `time`: when that was. */
export function comparisonWords({ended, total, most}: Comparison, time: string): string {
	if (ended) return `OTHERWISE THAN at ${time}: then ${traceVerdict(ended)}`;
	if (total === null) return `as at ${time}`;
	const longer = total === 0 ? '' : `, ${microseconds(Math.abs(total))} ${total > 0 ? 'longer' : 'shorter'}`;
	return `as at ${time}${longer}${most && most.us !== 0 ? ` (${stageWord({...most, us: Math.abs(most.us)}, most.us > 0 ? '+' : '−')})` : ''}`;
}

function stageWord({id, us}: Stage, sign = ''): string {
	return `${stageNames[id]} ${sign}${microseconds(us)}`;
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
