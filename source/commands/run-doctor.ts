import {conclude} from '../diagnosis/conclude.js';
import {examine, type Probed, type Walked} from '../diagnosis/examine.js';
import {namespaceOwners} from '../diagnosis/inventory.js';
import {probedFindings} from '../diagnosis/probed.js';
import {requestWords} from '../diagnosis/request-words.js';
import {roundsOf, roundsTo} from '../diagnosis/rounds.js';
import {tlsPlan} from '../diagnosis/tls.js';
import type {ProbePlan, Snapshot} from '../model/index.js';
import {parseTarget} from '../path/target.js';
import {commandLine} from '../probe/command.js';
import {doctorDocument, doctorLines} from '../rows/doctor.js';
import {escaped} from '../rows/markdown.js';
import {follow} from '../session/follow.js';
import type {Session} from '../session/session.js';
import {type Context, UsageError} from './command.js';
import {doctorExitCode, type ExitCode} from './exit-codes.js';
import {sideBySide} from './side-by-side.js';

/** Looks, sends what is to be sent, and prints what it found; gives the exit code. */
export async function runDoctor(context: Context): Promise<ExitCode> {
	const {output, options, own} = context;
	const whyNot = own.probe === true ? context.session().whyNoProbe : null;
	if (whyNot !== null) throw new UsageError(`no request can be sent: ${whyNot}`);
	const {snapshot, walked} = await lookedAt(context);
	const probed = own.probe === true ? await sendAll(context, snapshot, walked) : undefined;
	const examined = {...examine(snapshot, walked, probed), requests: walked.length};
	if (options.format === 'json') output.document(doctorDocument(examined));
	else if (options.format === 'markdown') output.lines(doctorLines(examined).flatMap(line => [escaped(line.trim()), '']));
	else output.lines(doctorLines(examined));
	return doctorExitCode(examined);
}

/** A round with what a probe of it would launch. */
type Asked = Walked & {probe: ProbePlan | {whyNot: string}};

/** Sends every request that can be sent from here, each once and side by side; gives what they showed. */
async function sendAll({session, options, output, signal}: Context, snapshot: Snapshot, walked: readonly Asked[]): Promise<Probed> {
	const {timeoutSeconds} = options;
	const plans = walked.flatMap(round => {
		if ('whyNot' in round.probe || !round.isSent) return [];
		const plan = {...round.probe, timeoutSeconds};
		return [{round, plan, line: commandLine(plan, snapshot)}];
	});
	const distinct = [...new Map(plans.map(one => [one.line, one])).values()];
	output.note(`sending ${distinct.length} requests, at most ${timeoutSeconds} s each:`);
	for (const {line} of distinct) output.note(`  ${line}`);
	const probed: Probed = {findings: [], arrived: []};
	await sideBySide(distinct, async ({round, plan}) => {
		const result = await session().probe(plan, signal);
		if (result.reached === true) probed.arrived.push(requestWords(round.request));
		const inTls = tlsPlan(plan, result);
		probed.findings.push(...probedFindings(round, result, inTls && (await session().probe(inTls, signal))));
	});
	return probed;
}

/** The paths of all rounds, and the snapshot that they rest on. */
async function lookedAt({session, arguments: [target], options, own}: Context): Promise<{snapshot: Snapshot; walked: Asked[]}> {
	const parsed = target === undefined ? null : parseTarget(target);
	if (parsed && 'usage' in parsed) throw new UsageError(parsed.usage);
	let snapshot = parsed ? await session().ready() : await lookInside(session());
	const rounds = parsed ? roundsTo(snapshot, parsed, options.family) : roundsOf(snapshot, own.probe === true);
	const walked: Asked[] = [];
	let refused: string | null = null;
	for (const round of rounds) {
		const {snapshot: known, explanation} = await follow(session(), round.request, conclude);
		snapshot = known;
		// What cannot be asked from one origin (there is no LAN) may be asked from another.
		if ('usage' in explanation) refused = explanation.usage;
		else walked.push({...round, path: explanation.path, probe: explanation.probe});
	}
	if (parsed && walked.length === 0 && refused !== null) throw new UsageError(refused);
	return {snapshot, walked};
}

/** Reads every running container in full: what nobody looked at could be what stops a request. */
async function lookInside(session: Session): Promise<Snapshot> {
	const containers = namespaceOwners(await session.ready()).map(({id}) => id);
	return session.read({containers, names: [], hostSockets: true});
}
