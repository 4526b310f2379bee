import type {ProbePlan, ProbeResult, Verdict} from '../model/index.js';
import type {Column, Row} from './table.js';
import {endWords} from './words/en.js';
import {milliseconds} from './words/times.js';

/** Columns of the probe pane. What else was said gives way first; the request is shortened last, and never in its numbers. */
export const probeColumns: Column[] = [
	{title: 'TIME', align: 'left', shrink: 0},
	{title: 'REQUEST', align: 'left', shrink: 1},
	{title: 'RESULT', align: 'left', shrink: 0},
	{title: 'TOTAL', align: 'left', shrink: 0},
	{title: 'MORE', align: 'left', shrink: 2, least: 6},
];

/** One launched request as a row; `time` is the clock time when it was sent, `from` the origin's name, `traced`: a trace sent it. */
export function probeRow(result: ProbeResult, plan: ProbePlan, time: string, from: string, traced = false): Row {
	return {
		id: `${time} ${result.command}`,
		...probeCells(plan, time, from, [resultWord(result), milliseconds(result.timings.total), moreWord(result, plan, traced)]),
		verdict: probeVerdict(result),
	};
}

/** The cells of a request, whatever became of it (`rest`: result, total, more). Its short form is the end that is asked. */
export function probeCells(plan: ProbePlan, time: string, from: string, rest: readonly string[]): Pick<Row, 'cells' | 'brief'> {
	return {cells: [time, `${from} → ${requestWord(plan)}`, ...rest], brief: ['', endWords(plan.host, plan.port)]};
}

/** A mark's verdict for what was seen: an error status of HTTP arrived, but is no success. */
export function probeVerdict({reached, httpStatus}: ProbeResult): Verdict {
	if (reached === null) return 'undetermined';
	return reached && (httpStatus ?? 0) < 400 ? 'passes' : 'blocks';
}

/** "http://web/", "127.0.0.1:53/udp" */
export function requestWord({scheme, host, port, path}: ProbePlan): string {
	const name = host.includes(':') ? `[${host}]` : host;
	if (scheme === 'tcp' || scheme === 'udp') return `${name}:${port}${scheme === 'udp' ? '/udp' : ''}`;
	const usual = port === (scheme === 'http' ? 80 : 443);
	return `${scheme}://${name}${usual ? '' : `:${port}`}${path}`;
}

/** "HTTP 200", "reached", "ECONNREFUSED", "not told": what was seen, in a word or two. */
function resultWord({reached, httpStatus, errno}: ProbeResult): string {
	if (httpStatus !== null) return `HTTP ${httpStatus}`;
	if (reached === true) return 'reached';
	return errno ?? (reached === false ? 'not reached' : 'no answer');
}

/** What a person reads under a flow after `dockhop probe`. */
export function probeLines(result: ProbeResult, plan: ProbePlan): string[] {
	const {namelookup, connect, tls, firstByte, total} = result.timings;
	const times = [
		['name', namelookup],
		['connect', connect],
		['tls', tls],
		['first byte', firstByte],
		['total', total],
	] as const;
	const timed = times.flatMap(([label, value]) => (value === null ? [] : [`${label} ${milliseconds(value)}`]));
	const seen = result.reached === null ? 'cannot be told' : result.reached ? 'reached' : 'not reached';
	const words = [...new Set([seen, resultWord(result)])].join(', ') + (result.error ? `: ${result.error}` : '');
	return [
		`sent: ${result.command}`,
		...(plan.standsInFor ? [`note: ${plan.standsInFor}`] : []),
		`seen: ${words}${timed.length > 0 ? `  (${timed.join(', ')})` : ''}`,
		...agreementLine(result.agreement),
	];
}

function moreWord(result: ProbeResult, plan: ProbePlan, traced: boolean): string {
	return [traced ? 'traced' : null, result.error, plan.standsInFor, result.agreement === false ? 'not as explained' : null]
		.filter(Boolean)
		.join('; ');
}

function agreementLine(agreement: boolean | null): string[] {
	if (agreement === null) return [];
	return [agreement ? 'The request fared as explained.' : 'The request fared otherwise than explained.'];
}
