import {isIP} from 'node:net';
import type {ProbePlan} from '../model/index.js';
import {clean} from '../text/clean.js';
import {type Attempt, type Ending, notSent} from './attempt.js';
import {urlOf} from './command.js';
import {errnoOf, reasonOf} from './errno.js';

/** What both GNU wget and busybox wget take: -Y off (no proxy), -T (limit per step), -t 1 (GNU: one try), -S (show the answer's header). */
export function wgetArgv(plan: ProbePlan, maxSeconds: number): string[] {
	return ['wget', '-Y', 'off', '-T', String(Math.ceil(maxSeconds)), '-t', '1', '-S', '-O', '/dev/null', urlOf(plan)];
}

/** What wget reported in words; it gives neither times nor the local port. `ms`: how long it ran. */
export function wgetAttempt(plan: ProbePlan, ran: {stdout: string; stderr: string; code: number | null}, ms: number): Attempt {
	const text = `${ran.stdout}\n${ran.stderr}`;
	const status = /^ {2}HTTP\/\S+ (\d{3})/m.exec(text)?.[1] ?? /server returned error: HTTP\/\S+ (\d{3})/.exec(text)?.[1];
	const failure = /(failed: (?!Temporary|Name)|can't connect to remote host)[^\n]*/.exec(text)?.[0];
	const ending = endingOf(ran.code, text, status, failure);
	const errno = ending === 'failed' ? errnoOf(failure ?? '') : null;
	return {
		...notSent(''),
		exitCode: ran.code,
		ending,
		errno,
		httpStatus: status ? Number(status) : null,
		error: ran.code === 0 ? null : errno ? reasonOf(errno, ms) : reason(plan, ending, ran.code, text),
		timings: {namelookup: null, connect: null, tls: null, firstByte: null, total: ms},
		remoteAddress: remoteOf(text),
		remotePort: plan.port,
	};
}

function endingOf(code: number | null, text: string, status: string | undefined, failure: string | undefined): Ending {
	// GNU: 5 certificate refused, 8 an HTTP error. "at byte": something had come before it broke off.
	if (code === 0 || code === 5 || code === 8 || status || /server returned error:|Read error at byte/.test(text)) return 'answered';
	if (/unable to resolve host|bad address/.test(text)) return 'nameless';
	if (failure) return 'failed';
	if (/Read error \(Connection timed out\)|download timed out/.test(text)) return 'silent';
	if (/No data received|error getting response|Read error/.test(text)) return 'closed';
	return 'notSent';
}

function reason({host}: ProbePlan, ending: Ending, code: number | null, text: string): string {
	if (ending === 'nameless') return `no address for the name ${clean(host)}`;
	// Some builds of busybox leave out -T; without a limit it could stay in the container.
	if (/^Usage:/m.test(text)) return 'the wget of this container takes no time limit (-T)';
	const lines = text.split('\n').filter(line => line.trim() && !/^(Giving up|Retrying)/.test(line));
	return clean(lines.at(-1) ?? `wget ended with exit code ${code} and no word`, 300).replace(/^wget: /, '');
}

/** "Connecting to web (web)|172.18.0.2|:80..." or, in busybox, "Connecting to web (172.18.0.2:80)". */
function remoteOf(text: string): string | null {
	const line = /^Connecting to [^\n]*/m.exec(text)?.[0] ?? '';
	return line.split(/[\s|()[\]]+|:\d+(?=$|[\s).])/).find(word => isIP(word)) ?? null;
}
