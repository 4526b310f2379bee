import {hostPort} from '../address/ip.js';
import type {Path, Snapshot, Trace, TracePlan} from '../model/index.js';
import {commandLine} from '../probe/command.js';
import {prove} from '../proof/prove.js';
import {traceDocument} from '../rows/trace-json.js';
import {traceLines} from '../rows/trace-text.js';
import {anyWords} from '../rows/words/any-words.js';
import {clientLine, flowTitle} from '../rows/words/en.js';
import {type Traced, traceRequest} from '../session/trace-request.js';
import {type Context, UsageError} from './command.js';
import {type ExitCode, exitCodes, flowExitCode} from './exit-codes.js';
import {isFromAny, planning, requestTraced} from './trace-asked.js';
import {version} from './version.js';

/** Traces one request, or with --watch those that clients send one after the other. */
export async function runTrace(context: Context): Promise<ExitCode> {
	const {session, own} = context;
	const ofOthers = isFromAny(context) || requestTraced(context).origin.kind === 'lan';
	if (own.watch === true && !ofOthers) throw new UsageError('--watch follows requests of others: give --from any (or lan) as well');
	if (own.watch === true && session().kind !== 'live') throw new UsageError('--watch follows requests as they come: a recording has none');
	return own.watch === true ? (await import('./watch-trace.js')).watchTrace(context) : once(context);
}

async function once(context: Context): Promise<ExitCode> {
	const {path, snapshot, trace} = await traced(context, true);
	const proof = prove(path, trace);
	const {output, options} = context;
	if (options.format === 'json') output.document(traceDocument(proof, trace.probe));
	else
		output.lines(
			traceLines(proof, titleOf(context, path, snapshot, trace), {
				markdown: options.format === 'markdown',
				width: output.width,
				about: options.format === 'markdown' ? aboutWords(snapshot) : '',
			}),
		);
	if ((trace.probe?.httpStatus ?? 0) >= 400) return exitCodes.stopped;
	return flowExitCode(proof.path.verdict);
}

/** Of a recording, the time at which it was traced stands there, too. */
function titleOf({session}: Context, path: Path, {hostName}: Snapshot, {armedAt}: Trace): string {
	const recorded =
		session().kind === 'live' ? '' : `, recorded ${new Date(armedAt / 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
	return `trace of ${flowTitle(path)} on ${hostName}${recorded}`;
}

/** "dockhop 0.1.0, docker 28.5.2, kernel 6.1.0; as root: …": what a report of a fault has to tell. */
function aboutWords({engine, vantage}: Snapshot): string {
	const words = engine.read ? `${engine.value.flavour} ${engine.value.version}, kernel ${engine.value.kernelVersion}` : 'no engine';
	return `dockhop ${version}, ${words}; ${vantage.words}`;
}

/** Explains the request and traces it; says beforehand what it does, or what a person has to do. */
export async function traced(context: Context, aloud: boolean): Promise<Traced> {
	const {output, signal, session} = context;
	// Loaded where something is explained: lists do without.
	const {conclude} = await import('../diagnosis/conclude.js');
	const traced = await traceRequest(session(), requestTraced(context), {
		explain: conclude,
		...planning(context),
		signal,
		armed: (plan, path, snapshot) => {
			if (aloud) output.note(noteOf(plan, path, snapshot));
		},
	});
	if ('whyNot' in traced) throw new UsageError(`no request can be traced: ${traced.whyNot}`);
	return traced;
}

export function noteOf(plan: TracePlan, path: Path, snapshot: Snapshot): string {
	const seconds = `at most ${plan.timeoutSeconds} s`;
	if (plan.send) return `tracing, ${seconds}: ${commandLine(plan.send, snapshot)}`;
	if (plan.asks) return `waiting ${seconds} for the next request to ${anyWords(plan, path)}, from anywhere`;
	const {dst, dport} = path.hops[0]?.packet ?? {dst: '', dport: null};
	return `waiting ${seconds} for a request to ${hostPort(dst, dport)}; on the client run: ${clientLine(path)}`;
}
