import type {Engine} from '../model/index.js';
import {candidates} from './candidates.js';
import type {Command} from './command.js';
import {exitCodes} from './exit-codes.js';
import {typed} from './words-typed.js';

/**
 * `dockhop complete -- WORDS`: what the completion scripts ask for. A candidate a line, a tab, what it is. Nothing is printed where files
 * may stand, or where nothing is known; an engine that does not answer within a second has no names.
 */
export function completeCommand(others: readonly Command[]): Command {
	return {
		name: 'complete',
		words: 'what may stand where the last of these words is typed',
		arguments: [{name: 'WORDS', words: 'the words behind dockhop so far', optional: true, many: true}],
		options: [],
		hidden: true,
		reads: 'links',
		async run({arguments: words, session, output}) {
			const line = typed(words, others);
			const engine = async (): Promise<Engine | null> => {
				if (line.options === null) return null;
				const read = session(line.options)
					.ready()
					.then(
						({engine: group}) => (group.read ? group.value : null),
						() => null,
					);
				return Promise.race([read, new Promise<null>(resolve => setTimeout(resolve, patience, null).unref())]);
			};
			const found = await candidates(line, others, engine);
			output.text(found.map(({word, about}) => `${word}\t${about.replace(/\s+/g, ' ')}\n`).join(''));
			return exitCodes.fine;
		},
	};
}

const patience = 1000;
