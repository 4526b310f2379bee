import type {FlowRequest, Path, ProbePlan, Snapshot} from '../model/index.js';
import {parseOrigin} from '../path/origin.js';
import {parseTarget} from '../path/target.js';
import {type FlowTextOptions, flowLines} from '../rows/flow-text.js';
import {flowDocument} from '../rows/json.js';
import {follow} from '../session/follow.js';
import {type Command, type Context, UsageError} from './command.js';
import {flowExitCode} from './exit-codes.js';

/** `dockhop flow TARGET`: the request-flow table of one path. */
export const flow: Command = {
	name: 'flow',
	words: 'the way of one request, hop by hop, and where it stops',
	arguments: [{name: 'TARGET', words: 'CONTAINER[:PORT[/udp|/sctp]], ADDRESS:PORT, :PORT or a URL', offers: 'targets'}],
	options: [
		{flags: '--from <ORIGIN>', words: 'host (default), host:ADDRESS, lan, lan:ADDRESS or a container', offers: 'origins'},
		{flags: '--reply', words: 'show the way back, too'},
		{flags: '--rules', words: 'list every rule that was looked at, with why it matched or not'},
		{flags: '--process-first', words: 'turn the table round: the process on top'},
	],
	async run(context) {
		const {path, snapshot} = await explained(context);
		if (context.options.format === 'json')
			context.output.document(flowDocument(path, {rules: context.own.rules === true, reply: context.own.reply === true}));
		else context.output.lines(flowLines(path, textOptions(context, snapshot)));
		return flowExitCode(path.verdict);
	},
};

/** The path that the command line asks for, and what a probe of it would launch. Rejects with UsageError where it cannot be asked. */
export async function explained(context: Context): Promise<{path: Path; probe: ProbePlan | {whyNot: string}; snapshot: Snapshot}> {
	const request = requestOf(context);
	// Loaded where something is explained: lists do without.
	const {conclude} = await import('../diagnosis/conclude.js');
	const {snapshot, explanation} = await follow(context.session(), request, conclude);
	if ('usage' in explanation) throw new UsageError(explanation.usage);
	return {path: explanation.path, probe: explanation.probe, snapshot};
}

/** TARGET, --from, -4 and -6 → the request. Rejects with UsageError before anything is read. */
export function requestOf({arguments: [target = ''], own, options}: Pick<Context, 'arguments' | 'own' | 'options'>): FlowRequest {
	const parsed = {target: parseTarget(target), origin: parseOrigin(String(own.from ?? 'host'))};
	for (const part of Object.values(parsed)) if ('usage' in part) throw new UsageError(part.usage);
	return {...parsed, family: options.family} as FlowRequest;
}

/** How the flow is to be drawn. */
export function textOptions({options, own, output}: Context, {hostName}: Snapshot): FlowTextOptions {
	return {
		hostName,
		width: output.width,
		markdown: options.format === 'markdown',
		reply: own.reply === true,
		rules: own.rules === true,
		processFirst: own.processFirst === true,
	};
}
