import {isIP} from 'node:net';
import type {ProbePlan} from '../model/index.js';
import {clean} from '../text/clean.js';
import {type Attempt, type Ending, notSent} from './attempt.js';
import {choices, urlOf} from './command.js';
import {errnoOf, reasonOf, tellingErrno} from './errno.js';

/**
 * curl's argument vector for a plan: no .curlrc (-q must be the first option), no URL globbing, no proxy, no redirects, no body.
 * No limit of 0, which curl takes for none. --verbose, because from 7.81 on curl's own message for exit code 7 no longer says which errno it was.
 */
export function curlArgv(plan: ProbePlan, maxSeconds: number): string[] {
	const quiet = ['-q', '--globoff', '--fail', '--silent', '--show-error', '--verbose', '--noproxy', '*', '--output', '/dev/null'];
	const ports = plan.localPorts ? ['--local-port', plan.localPorts.join('-')] : [];
	const agent = plan.nonce ? ['--user-agent', `dockhop/${plan.nonce}`] : [];
	const limit = ['--max-time', Math.max(maxSeconds, 0.1).toFixed(1)];
	return ['curl', ...quiet, ...limit, '--write-out', writeOut, ...ports, ...agent, ...choices(plan), urlOf(plan)];
}

/** What curl reported, from its exit code, its --write-out line and the `* ` lines of --verbose. Times in milliseconds. */
export function curlAttempt(plan: ProbePlan, ran: {stdout: string; stderr: string; code: number | null}): Attempt {
	const report = reported(ran.stdout);
	const notes = ran.stderr.split(/\r?\n/);
	const words = lastWords(notes);
	// Without its report line, curl itself never ran: a program in front of it failed.
	if (!report || ran.code === null) return notSent(words || 'curl ended without a report', ran.code);
	const ending = endingOf(ran.code, report, ran.stderr);
	const total = ms(report.time_total);
	const errno = ending === 'failed' ? failedWith(ran.code, notes) : null;
	return {
		ending,
		exitCode: ran.code,
		errno,
		httpStatus: Number(report.http_code) || null,
		error: reason(plan, ending, errno, total, ran.code, words),
		timings: {
			namelookup: isIP(plan.host) ? null : ms(report.time_namelookup),
			connect: ms(report.time_connect),
			tls: ms(report.time_appconnect),
			// curl also sets this one where the connection ended without a byte.
			firstByte: ending === 'answered' ? ms(report.time_starttransfer) : null,
			total,
		},
		localAddress: text(report.local_ip),
		localPort: port(report.local_port),
		remoteAddress: text(report.remote_ip) ?? lastTried(notes),
		remotePort: port(report.remote_port) ?? plan.port,
	};
}

const variables = [
	...['http_code', 'local_ip', 'local_port', 'remote_ip', 'remote_port', 'size_header', 'size_download'],
	...['time_namelookup', 'time_connect', 'time_appconnect', 'time_starttransfer', 'time_total'],
];
/** One field each instead of %{json}, which curl has only since 7.70. */
const writeOut = `\\ndockhop ${variables.map(name => `${name}=%{${name}}`).join(' ')}\\n`;

function reported(stdout: string): Record<string, string> | null {
	const line = stdout.split('\n').findLast(one => one.startsWith('dockhop '));
	return line ? Object.fromEntries(line.split(' ').map(pair => pair.split('=', 2) as [string, string])) : null;
}

/** curl(1), EXIT CODES, beside what was counted: the code alone does not tell "refused" from "reset after it opened". */
function endingOf(code: number, report: Record<string, string>, stderr: string): Ending {
	const opened = Number(report.time_connect) > 0 || /^\* (Connected|Established connection) to /m.test(stderr);
	if (Number(report.http_code) > 0 || Number(report.size_header) > 0 || Number(report.size_download) > 0) return 'answered';
	if (opened && (answerCodes.has(code) || (code === 35 && tlsBytes.test(stderr)))) return 'answered';
	if (code === 6 || /Resolving timed out|Could not resolve host/i.test(stderr)) return 'nameless';
	if (opened) return code === 28 ? 'silent' : 'closed';
	// A SYN that is refused gives ECONNREFUSED. A reset is only possible once it was open.
	if (code === 7 && failedWith(code, stderr.split('\n')) === 'ECONNRESET') return 'closed';
	return failureCodes.has(code) ? 'failed' : 'notSent';
}

/** Open and: not HTTP (1: HTTP/0.9), weird reply, partial, too large, HTTP error, HTTP/2 framing, certificate refused, bad coding. */
const answerCodes = new Set([1, 8, 16, 18, 22, 51, 60, 61, 92]);
/** Could not connect, timed out, could not bind. */
const failureCodes = new Set([7, 28, 45]);
/**
 * A failed TLS handshake in which bytes came back: OpenSSL's trace shows them, the message of any TLS library says that it was a
 * plain server's words or an alert. One that is cut off ("unexpected eof") brought none, and may send an alert itself.
 */
const tlsBytes =
	/^\{ \[[1-9]\d* bytes data\]|\(IN\), TLS|^curl: \(35\).*(wrong version number|(ssl|tls)v\d+ alert|alert has been received|unexpected TLS packet|packet length)/im;

function failedWith(code: number, notes: string[]): string | null {
	const tried = notes.filter(line => /^(\* |curl: )/.test(line)).flatMap(line => errnoOf(line) ?? []);
	return (code === 28 ? null : tellingErrno(tried)) ?? (code === 28 ? 'ETIMEDOUT' : null);
}

function reason(plan: ProbePlan, ending: Ending, errno: string | null, total: number | null, code: number, words: string): string | null {
	if (ending === 'answered') return code === 0 ? null : answeredWith(code, words);
	if (ending === 'nameless') return `no address for the name ${clean(plan.host)}: ${words}`;
	if (errno) return reasonOf(errno, total);
	return words;
}

function answeredWith(code: number, words: string): string {
	if (code === 1 || code === 8) return 'it answers, but not in HTTP';
	if (code === 28) return `it answers, but the answer did not end in time (${words})`;
	if (code === 35) return `it answers, but the TLS handshake fails: ${words}`;
	if (code === 51 || code === 60) return `it answers, but its certificate is not trusted: ${words}`;
	return words;
}

function lastWords(notes: string[]): string {
	const line = notes.findLast(one => one.startsWith('curl: ')) ?? notes.findLast(one => one && !/^[*<>{}] ?/.test(one)) ?? '';
	return clean(line.replace(/^curl: (\(\d+\) )?/, ''), 300);
}

function lastTried(notes: string[]): string | null {
	const tried = notes.flatMap(line => /^\* +Trying \[?([0-9a-f.:]+?)\]?(:\d+)?\.\.\.$/i.exec(line)?.[1] ?? []);
	return tried.findLast(address => isIP(address)) ?? null;
}

function ms(seconds: string | undefined): number | null {
	const value = Number(seconds) * 1000;
	return value > 0 ? Math.round(value * 1000) / 1000 : null;
}

/** 0 or, in newer versions, -1 where there is none. */
function port(digits: string | undefined): number | null {
	return Number(digits) > 0 ? Number(digits) : null;
}

function text(address: string | undefined): string | null {
	return address && isIP(address) ? address : null;
}
