import {commandLine} from '../probe/command.js';
import {flowLines} from '../rows/flow-text.js';
import {probeDocument} from '../rows/json.js';
import {escaped} from '../rows/markdown.js';
import {probeLines} from '../rows/probes.js';
import {type Command, type Context, UsageError} from './command.js';
import {probeExitCode} from './exit-codes.js';
import {explained, requestOf, textOptions} from './flow.js';
import type {Format} from './options.js';

/** `dockhop probe TARGET`: launches the request for real, beside what was explained. */
export const probe: Command = {
	name: 'probe',
	words: 'launch the request for real and set it beside the explanation',
	arguments: [{name: 'TARGET', words: 'CONTAINER[:PORT[/udp]], ADDRESS:PORT, :PORT or a URL', offers: 'targets'}],
	options: [{flags: '--from <ORIGIN>', words: 'host (default), host:ADDRESS or a container', offers: 'senders'}],
	async run(context) {
		const {session, output, options, signal} = context;
		if (requestOf(context).origin.kind === 'lan') throw new UsageError(lanWords(context));
		const whyNot = session().whyNoProbe;
		if (whyNot !== null) throw new UsageError(`no request can be sent: ${whyNot}`);
		const {path, probe: planned, snapshot} = await explained(context);
		if ('whyNot' in planned) throw new UsageError(`no request can be sent: ${planned.whyNot}`);
		const plan = {...planned, timeoutSeconds: options.timeoutSeconds};
		output.note(`sending, at most ${plan.timeoutSeconds} s: ${commandLine(plan, snapshot)}`);
		const result = await session().probe(plan, signal);
		if (options.format === 'json') output.document(probeDocument(path, result));
		else output.lines([...flowLines(path, textOptions(context, snapshot)), ...seenLines(probeLines(result, plan), options.format)]);
		return probeExitCode(result);
	},
};

/** In Markdown each line is a paragraph. */
function seenLines(lines: string[], format: Format): string[] {
	return format === 'markdown' ? lines.flatMap(line => [escaped(line), '']) : lines;
}

/** dockhop runs on the host and cannot send from another machine. */
function lanWords({arguments: [target]}: Context): string {
	return `a request from the lan cannot be sent from here; run curl on that client, and see its way with: dockhop flow ${target} --from lan`;
}
