import {conclude} from '../diagnosis/conclude.js';
import {examine, type Walked} from '../diagnosis/examine.js';
import {roundsOf, roundsTo} from '../diagnosis/rounds.js';
import {firstLook, secondLook} from '../diagnosis/triage.js';
import type {Snapshot} from '../model/index.js';
import {parseTarget} from '../path/target.js';
import {doctorDocument, doctorLines} from '../rows/doctor.js';
import {escaped} from '../rows/markdown.js';
import {follow} from '../session/follow.js';
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

/** The paths of all rounds, and the snapshot that they rest on. */
async function lookedAt({session, arguments: [target], options}: Context): Promise<{snapshot: Snapshot; walked: Walked[]}> {
	const parsed = target === undefined ? null : parseTarget(target);
	if (parsed && 'usage' in parsed) throw new UsageError(parsed.usage);
	let snapshot = parsed ? await session().ready() : await lookInside(session());
	const rounds = parsed ? roundsTo(snapshot, parsed, options.family) : roundsOf(snapshot);
	const walked: Walked[] = [];
	let refused: string | null = null;
	for (const round of rounds) {
		const {snapshot: known, explanation} = await follow(session(), round.request, conclude);
		snapshot = known;
		// What cannot be asked from one origin (there is no LAN) may be asked from another.
		if ('usage' in explanation) refused = explanation.usage;
		else walked.push({...round, path: explanation.path});
	}
	if (parsed && walked.length === 0 && refused !== null) throw new UsageError(refused);
	return {snapshot, walked};
}

/** Reads every container; on a large host some, and of the others those that show something strange at a glance. */
async function lookInside(session: Session): Promise<Snapshot> {
	const first = firstLook(await session.ready());
	const glanced = await session.read({...first, names: [], hostSockets: true});
	const strange = secondLook(glanced, first.glances);
	return strange.length > 0 ? session.read({containers: strange, names: [], hostSockets: false}) : glanced;
}
