import type {Trace} from '../model/index.js';
import {save} from '../recording/save.js';
import {engineOf} from '../rows/inventory.js';
import {readers} from '../rows/readers.js';
import {type Command, type Context, UsageError} from './command.js';
import {exitCodes} from './exit-codes.js';

/** `dockhop record FILE`: everything that can be read now, every container included, in a file that --replay reads. */
export const record: Command = {
	name: 'record',
	words: 'write everything that can be read into a file, for --replay',
	more: 'write everything that can be read (and a trace) into a file; `--replay FILE` looks at it, anywhere',
	arguments: [{name: 'FILE', words: 'where to write it; readable by you alone', offers: 'files'}],
	options: [
		{
			flags: '--trace <TARGET>',
			words: 'trace a request to TARGET and keep the trace in the file, for `trace` and `t` on it',
			offers: 'targets',
		},
		{
			flags: '--from <ORIGIN>',
			words: 'of that request: host (default), host:ADDRESS, lan, lan:ADDRESS, any or a container',
			offers: 'askers',
		},
	],
	async run(context) {
		const {session, options, output, own} = context;
		const [file = ''] = context.arguments;
		if (file === '') throw new UsageError('FILE is empty');
		if (own.trace === undefined && own.from !== undefined)
			throw new UsageError('--from is of the request that --trace sends: give --trace TARGET as well');
		const traces = own.trace === undefined ? [] : [await traceOf(context, String(own.trace))];
		const {containers} = engineOf(await session().ready());
		const snapshot = await session().read({containers: containers.map(({id}) => id), names: [], hostSockets: true});
		await save(traces.length > 0 ? {...snapshot, traces} : snapshot, file).catch(error => {
			// "ENOENT: no such file or directory, open 'FILE.….part'": the words in the middle tell.
			const words = String(error?.message ?? error).replace(/^E[A-Z]+: /, '');
			throw new UsageError(`cannot write '${file}': ${words.replace(/, \w+ '.*$/, '')}`);
		});
		const missing = readers(snapshot).filter(({read}) => !read);
		if (options.format === 'json')
			output.document({schema: 'dockhop.record/1', file, takenAt: snapshot.takenAt, traces: traces.length, missing});
		else
			output.lines([
				`wrote ${file}: ${containers.length} containers, read at ${snapshot.takenAt}${traces.length > 0 ? ', and a trace' : ''}`,
				...missing.map(({name, why}) => `without ${name}: ${why}`),
			]);
		return exitCodes.fine;
	},
};

async function traceOf(context: Context, target: string): Promise<Trace> {
	if (context.session().kind !== 'live') throw new UsageError('--trace sends a request: a recording cannot');
	// Loaded when a trace is asked for: a plain recording does without.
	const {traced} = await import('./run-trace.js');
	return (await traced({...context, arguments: [target]}, true)).trace;
}
