import type {DoctorFinding, NotChecked, PathVerdict, ProbeResult, UnknownId} from '../model/index.js';

/** What the exit codes mean; scripts depend on them. */
export const exitCodes = {
	/** Delivered, forwarded, reached, or nothing found. */
	fine: 0,
	/** Blocked, not reached, or an HTTP status of 400 or more. */
	stopped: 1,
	/** Wrong usage. */
	usage: 2,
	/** What could be read does not tell; no answer to a UDP probe. */
	undetermined: 3,
	/** No engine or recording could be read. */
	noEngine: 4,
	/** Ctrl-C. */
	interrupted: 130,
} as const;

/** The same in words, for the help, the README and the man page: in short, and in full. */
export const exitCodeWords: readonly {code: ExitCode; words: string; more: string}[] = [
	{code: exitCodes.fine, words: 'arrives', more: 'delivered, forwarded, reached; nothing found'},
	{code: exitCodes.stopped, words: 'stops', more: 'blocked, not reached, HTTP status 400 or more; an error or a warning found'},
	{code: exitCodes.usage, words: 'wrong usage', more: 'wrong usage'},
	{
		code: exitCodes.undetermined,
		words: 'cannot be told',
		more: 'undetermined; no answer to a UDP probe; no request seen in time (`trace --from lan` or `any`); nothing found, but not everything could be checked',
	},
	{code: exitCodes.noEngine, words: 'no engine or recording', more: 'no engine or recording could be read'},
	{code: exitCodes.interrupted, words: 'Ctrl-C', more: 'Ctrl-C'},
];

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of `flow`. */
export function flowExitCode(verdict: PathVerdict): ExitCode {
	if (verdict === 'blocked') return exitCodes.stopped;
	return verdict === 'undetermined' ? exitCodes.undetermined : exitCodes.fine;
}

/** The exit code of `probe`: by what was seen, not by what was explained. */
export function probeExitCode({reached, httpStatus}: Pick<ProbeResult, 'reached' | 'httpStatus'>): ExitCode {
	if ((httpStatus ?? 0) >= 400) return exitCodes.stopped;
	if (reached === null) return exitCodes.undetermined;
	return reached ? exitCodes.fine : exitCodes.stopped;
}

/** The exit code of `doctor`: 3 only where nothing was found, but not everything that applies here could be looked at. */
export function doctorExitCode({findings, notChecked}: {findings: readonly DoctorFinding[]; notChecked: readonly NotChecked[]}): ExitCode {
	if (findings.some(({severity}) => severity !== 'info')) return exitCodes.stopped;
	return notChecked.some(({id}) => unread.has(id)) ? exitCodes.undetermined : exitCodes.fine;
}

/** It could not be read, or was not; the others are limits of what can be told from here at all. */
const unread: ReadonlySet<UnknownId> = new Set([
	'no-permission',
	'no-program',
	'other-namespace',
	'other-host',
	'no-engine',
	'not-read',
	'read-failed',
	'not-recorded',
]);
