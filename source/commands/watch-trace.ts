import {hostPort} from '../address/ip.js';
import type {Path, Trace} from '../model/index.js';
import {prove} from '../proof/prove.js';
import {traceDocument} from '../rows/trace-json.js';
import {traceLine} from '../rows/trace-words.js';
import {watchRequests} from '../session/watch-requests.js';
import {type Context, UsageError} from './command.js';
import {type ExitCode, exitCodes, flowExitCode} from './exit-codes.js';
import {jsonText} from './output.js';
import {noteOf} from './run-trace.js';
import {isFromAny, planning, requestTraced} from './trace-asked.js';

/** `trace --watch`: a line (a document) for each request that comes, until none does. Gives the exit code of the last one. */
export async function watchTrace(context: Context): Promise<ExitCode> {
	const {output, options, session, signal} = context;
	const {conclude} = await import('../diagnosis/conclude.js');
	let code: ExitCode = exitCodes.undetermined;
	const refused = await watchRequests(session(), requestTraced(context), {
		explain: conclude,
		...planning(context),
		agrees: (path, trace) => prove(path, trace).agreement !== false,
		signal,
		armed: (plan, path, snapshot) => output.note(noteOf(plan, path, snapshot)),
		seen(path, trace) {
			const proof = prove(path, trace);
			const {client} = trace;
			code = flowExitCode(proof.path.verdict);
			if (options.format === 'json') output.text(`${jsonText(traceDocument(proof, null), 0)}\n`);
			else output.lines([traceLine(proof, client ? clientWords(client, path, isFromAny(context)) : path.from.name)]);
		},
		missed: count => output.note(`${count} more came while as many as can be were being followed`),
	});
	if (refused) throw new UsageError(`no request can be traced: ${refused.whyNot}`);
	return code;
}

/** "10.99.0.2:40832"; where anybody may have asked, who it was as well: "app 172.18.0.3:48694". */
function clientWords({address, port}: NonNullable<Trace['client']>, {from}: Path, named: boolean): string {
	return `${named ? `${from.name} ` : ''}${hostPort(address, port)}`;
}
