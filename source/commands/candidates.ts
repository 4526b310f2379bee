import type {Engine} from '../model/index.js';
import {beginningWith, type Candidate, originCandidates, targetCandidates} from '../rows/offers.js';
import type {Command, Offers, OptionWords} from './command.js';
import {globalOptionWords} from './options.js';
import {flagOf, type Typed} from './words-typed.js';

/**
 * What may stand where the last word of a line is typed; empty: files, or nothing is known. `engine` is asked only where containers or
 * ports may stand; null: it did not answer.
 */
export async function candidates(typed: Typed, commands: readonly Command[], engine: () => Promise<Engine | null>): Promise<Candidate[]> {
	const {word, command, wanted} = typed;
	if (wanted) {
		const {option, before} = wanted;
		const values = await offered(option, word.slice(before.length), engine);
		return matching(
			values.map(({word: value, about}) => ({word: `${before}${value}`, about})),
			word,
		);
	}
	if (word.startsWith('-')) return matching([...(command?.options ?? []), ...globalOptionWords].map(optionCandidate), word);
	if (!command) return matching([...commands.filter(({hidden}) => !hidden).map(({name, words}) => ({word: name, about: words}))], word);
	const argument = command.arguments[typed.arguments];
	return argument ? matching(await offered(argument, word, engine), word) : [];
}

/** Only what needs no quoting in any shell is offered: a name from elsewhere must not become a command. */
function matching(all: Candidate[], word: string): Candidate[] {
	return beginningWith(all, word).filter(one => /^[\w.:/=[\]-]+$/.test(one.word));
}

async function offered(
	{values, offers}: {values?: readonly string[]; offers?: Offers},
	word: string,
	engine: () => Promise<Engine | null>,
): Promise<Candidate[]> {
	if (values) return values.map(value => ({word: value, about: ''}));
	if (!offers || offers === 'files') return [];
	const containers = (await engine())?.containers ?? [];
	return offers === 'targets' ? targetCandidates(containers, word) : originCandidates(containers, elsewhere[offers]);
}

const elsewhere = {senders: [], origins: ['lan'], askers: ['lan', 'any']} as const;

function optionCandidate(option: OptionWords): Candidate {
	return {word: flagOf(option), about: option.words};
}
