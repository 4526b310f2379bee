import type {Snapshot} from '../model/index.js';
import {markdownTable} from '../rows/markdown.js';
import {plainTable} from '../rows/plain.js';
import type {Table} from '../rows/table.js';
import type {Command} from './command.js';
import {exitCodes} from './exit-codes.js';

interface List {
	name: string;
	words: string;
	rows(snapshot: Snapshot): Table;
	document(snapshot: Snapshot): object;
	/** What stands instead of an empty table. */
	empty: string;
}

/** A command that prints one list: as a table, in Markdown or as a JSON document. */
export function listCommand({name, words, rows, document, empty}: List): Command {
	return {
		name,
		words,
		arguments: [],
		options: [],
		reads: 'links',
		async run({session, options, output}) {
			const snapshot = await session().ready();
			const table = rows(snapshot);
			if (options.format === 'json') output.document(document(snapshot));
			else if (options.format === 'markdown') output.lines(markdownTable(table));
			else output.lines(table.rows.length > 0 ? plainTable(table, output.width) : [empty]);
			return exitCodes.fine;
		},
	};
}
