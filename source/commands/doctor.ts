import {conclude} from '../diagnosis/conclude.js';
import {examine, type Walked} from '../diagnosis/examine.js';
import {containersOf} from '../diagnosis/inventory.js';
import {type Round, roundsOf, roundsTo} from '../diagnosis/rounds.js';
import type {Needs, Snapshot} from '../model/index.js';
import {parseTarget} from '../path/target.js';
import {doctorDocument, doctorLines} from '../rows/doctor.js';
import {escaped} from '../rows/markdown.js';
import type {Session} from '../session/session.js';
import {type Command, type Context, UsageError} from './command.js';
import {doctorExitCode} from './exit-codes.js';

/** `dockhop doctor [TARGET]`: every finding on this host, or on the paths to TARGET. */
export const doctor: Command = {
	name: 'doctor',
	words: 'what is wrong on this host, or on the ways to TARGET, and what to do',
	arguments: [{name: 'TARGET', words: 'as for flow; without: the whole host', optional: true}],
	options: [],
	async run(context) {
		const {output, options} = context;
		const {snapshot, walked} = await lookedAt(context);
		const examined = {...examine(snapshot, walked), requests: walked.length};
		if (options.format === 'json') output.document(doctorDocument(examined));
		else if (options.format === 'markdown') output.lines(doctorLines(examined).flatMap(line => [escaped(line.trim()), '']));
		else output.lines(doctorLines(examined));
		return doctorExitCode(examined);
	},
};

/** Reads every container, and explains the rounds; names that only servers know are asked of them once, for all rounds together. */
async function lookedAt({session, arguments: [target], options}: Context): Promise<{snapshot: Snapshot; walked: Walked[]}> {
	const parsed = target === undefined ? null : parseTarget(target);
	if (parsed && 'usage' in parsed) throw new UsageError(parsed.usage);
	const running = containersOf(await session().ready()).filter(({pid}) => pid !== null);
	const snapshot = await session().read({containers: running.map(({id}) => id), names: [], hostSockets: true});
	const rounds = parsed ? roundsTo(snapshot, parsed, options.family) : roundsOf(snapshot);
	return walk(session(), snapshot, rounds, parsed !== null);
}

async function walk(
	session: Session,
	snapshot: Snapshot,
	rounds: Round[],
	strict: boolean,
): Promise<{snapshot: Snapshot; walked: Walked[]}> {
	const explained = rounds.map(round => ({...round, explanation: conclude(snapshot, round.request)}));
	// A request that cannot be asked from one origin (no LAN) may be asked from another; none at all is wrong usage.
	const askable = explained.flatMap(({explanation, ...round}) => ('usage' in explanation ? [] : [{...round, explanation}]));
	const refused = explained.find(({explanation}) => 'usage' in explanation)?.explanation;
	if (strict && askable.length === 0 && refused && 'usage' in refused) throw new UsageError(refused.usage);
	const names = askable.flatMap(({explanation}) => explanation.needs.names);
	if (names.length === 0) return {snapshot, walked: askable.map(({explanation, ...round}) => ({...round, path: explanation.path}))};
	const needs: Needs = {containers: [], names, hostSockets: false};
	const fuller = await session.read(needs);
	const walked = rounds.flatMap(round => {
		const explanation = conclude(fuller, round.request);
		return 'usage' in explanation ? [] : [{...round, path: explanation.path}];
	});
	return {snapshot: fuller, walked};
}
