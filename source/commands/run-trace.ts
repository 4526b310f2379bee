import {hostPort} from '../address/ip.js';
import type {Path, Snapshot, Trace, TracePlan} from '../model/index.js';
import {explain} from '../path/explain.js';
import {commandLine} from '../probe/command.js';
import {prove} from '../proof/prove.js';
import {tracePlan} from '../proof/trace-plan.js';
import {traceLine, traceLines} from '../rows/trace.js';
import {traceDocument} from '../rows/trace-json.js';
import {flowTitle} from '../rows/words/en.js';
import {follow} from '../session/follow.js';
import {type Context, UsageError} from './command.js';
import {type ExitCode, exitCodes, flowExitCode} from './exit-codes.js';
import {explained, requestOf} from './flow.js';

/** Traces one request, or with --watch those that clients send one after the other. */
export async function runTrace(context: Context): Promise<ExitCode> {
	const {session, own} = context;
	const fromLan = requestOf(context).origin.kind === 'lan';
	if (own.watch === true && !fromLan) throw new UsageError('--watch follows requests of others: give --from lan as well');
	const whyNot = session().whyNoTrace;
	if (whyNot !== null) throw new UsageError(`no request can be traced: ${whyNot}`);
	return own.watch === true ? watch(context) : once(context);
}

async function once(context: Context): Promise<ExitCode> {
	const {path, snapshot, seen} = await traced(context, true);
	const proof = prove(path, seen);
	const {output, options} = context;
	if (options.format === 'json') output.document(traceDocument(proof, seen.probe));
	else
		output.lines(
			traceLines(proof, `trace of ${flowTitle(path)} on ${snapshot.hostName}`, {
				markdown: options.format === 'markdown',
				width: output.width,
			}),
		);
	if ((seen.probe?.httpStatus ?? 0) >= 400) return exitCodes.stopped;
	return flowExitCode(proof.path.verdict);
}

/** One request after the other, each explained anew, until none comes. Gives the exit code of the last one. */
async function watch(context: Context): Promise<ExitCode> {
	let code: ExitCode = exitCodes.undetermined;
	for (let first = true; ; first = false) {
		const {path, seen} = await traced(context, first);
		const proof = prove(path, seen);
		if (seen.packets.length === 0 && seen.passes.length === 0) return code;
		code = flowExitCode(proof.path.verdict);
		const began = seen.packets[0];
		if (context.options.format === 'json') context.output.text(`${JSON.stringify(traceDocument(proof, null))}\n`);
		else context.output.lines([traceLine(proof, began ? hostPort(began.src, began.sport) : path.from.name)]);
	}
}

/** Explains the request and traces it; says beforehand what it does, or what a person has to do. */
async function traced(context: Context, aloud: boolean): Promise<{path: Path; snapshot: Snapshot; seen: Trace}> {
	const {output, options, signal, session} = context;
	const {path, probe, snapshot} = await explained(context);
	const plan = tracePlan(path, probe, snapshot, options.timeoutSeconds, Math.random());
	if ('whyNot' in plan) throw new UsageError(`no request can be traced: ${plan.whyNot}`);
	const seen = await session().trace(plan, signal, () => {
		if (aloud) output.note(noteOf(plan, path, snapshot));
	});
	return {path: plan.send ? path : await explainedFor(context, path, seen), snapshot, seen};
}

/** The path of the client that really came: rules may treat it otherwise than the one that stood for any. */
async function explainedFor(context: Context, path: Path, {plan, packets, armedAt}: Trace): Promise<Path> {
	const {ports, address} = plan.first;
	const first = packets.find(one => one.us >= armedAt && one.dport >= ports[0] && one.dport <= ports[1] && one.dst === address);
	if (!first || first.src === path.from.address) return path;
	const request = {...requestOf(context), origin: {kind: 'lan' as const, address: first.src}};
	const {explanation} = await follow(context.session(), request, explain);
	return 'usage' in explanation ? path : explanation.path;
}

function noteOf(plan: TracePlan, path: Path, snapshot: Snapshot): string {
	if (plan.send) return `tracing, at most ${plan.timeoutSeconds} s: ${commandLine(plan.send, snapshot)}`;
	const {dst, dport} = path.hops[0]?.packet ?? {dst: '', dport: null};
	const at = hostPort(dst, dport);
	const line = plan.first.proto === 'udp' ? `echo | nc -u -w 2 ${dst} ${dport}` : `curl --fail ${path.to.url ?? `http://${at}/`}`;
	return `waiting at most ${plan.timeoutSeconds} s for a request to ${at}; on the client run: ${line}`;
}
