import {save} from '../recording/save.js';
import {engineOf} from '../rows/inventory.js';
import {readers} from '../rows/readers.js';
import {type Command, UsageError} from './command.js';
import {exitCodes} from './exit-codes.js';

/** `dockhop record FILE`: everything that can be read now, every container included, in a file that --replay reads. */
export const record: Command = {
	name: 'record',
	words: 'write everything that can be read into a file, for --replay',
	arguments: [{name: 'FILE', words: 'where to write it; readable by you alone'}],
	options: [],
	async run({arguments: [file = ''], session, options, output}) {
		if (file === '') throw new UsageError('FILE is empty');
		const {containers} = engineOf(await session().ready());
		const snapshot = await session().read({containers: containers.map(({id}) => id), names: [], hostSockets: true});
		await save(snapshot, file).catch(error => {
			// "ENOENT: no such file or directory, open 'FILE.….part'": the first half tells.
			throw new UsageError(`cannot write '${file}': ${String(error?.message ?? error).replace(/, \w+ '.*$/, '')}`);
		});
		const missing = readers(snapshot).filter(({read}) => !read);
		if (options.format === 'json') output.document({schema: 'dockhop.record/1', file, takenAt: snapshot.takenAt, missing});
		else
			output.lines([
				`wrote ${file}: ${containers.length} containers, read at ${snapshot.takenAt}`,
				...missing.map(({name, why}) => `without ${name}: ${why}`),
			]);
		return exitCodes.fine;
	},
};
