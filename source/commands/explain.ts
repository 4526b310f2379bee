import {entryLines, everythingExplained, explained, shelfWords} from '../rows/words/explain.js';
import {type Command, UsageError} from './command.js';
import {exitCodes} from './exit-codes.js';

/** `dockhop explain NAME`: a hop kind, network driver, cause, unknown or finding in plain words. */
export const explain: Command = {
	name: 'explain',
	words: 'a hop kind, network driver, cause, unknown or finding in plain words',
	arguments: [{name: 'NAME', words: 'e.g. netfilter, bridge, listens-on-loopback', values: everythingExplained().map(({id}) => id)}],
	options: [],
	async run({arguments: [name = ''], options, output}) {
		const entries = explained(name);
		if (entries.length === 0) throw new UsageError(`nothing is known by the name '${name}'; the names are: ${names()}`);
		if (options.format === 'json')
			output.document({
				schema: 'dockhop.explain/1',
				entries: entries.map(({id, shelf, entry}) => ({id, kind: shelfWords[shelf], ...entry})),
			});
		else output.lines(entries.flatMap((entry, index) => [...(index > 0 ? [''] : []), ...entryLines(entry)]));
		return exitCodes.fine;
	},
};

function names(): string {
	return [...new Set(everythingExplained().map(({id}) => id))].join(', ');
}
