import type {Container, Engine} from '../model/index.js';
import {portWords, stateWord} from '../rows/containers.js';
import type {Command, Offers, OptionWords} from './command.js';
import {globalOptionWords} from './options.js';
import {flagOf, type Typed} from './words-typed.js';

/** A word that may stand where one is being typed, and what it is. */
export interface Candidate {
	word: string;
	about: string;
}

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
	const fitting = all.filter(one => one.word.startsWith(word) && /^[\w.:/=[\]-]+$/.test(one.word));
	return [...new Map(fitting.map(one => [one.word, one])).values()];
}

async function offered(
	{values, offers}: {values?: readonly string[]; offers?: Offers},
	word: string,
	engine: () => Promise<Engine | null>,
): Promise<Candidate[]> {
	if (values) return values.map(value => ({word: value, about: ''}));
	if (!offers || offers === 'files') return [];
	const containers = ((await engine())?.containers ?? []).toSorted((a, b) => a.name.localeCompare(b.name));
	if (offers === 'targets') return targets(containers, word);
	const fixed = [
		{word: 'host', about: 'this host'},
		{word: 'lan', about: 'a client behind the NIC'},
	];
	return [...fixed.slice(0, offers === 'origins' ? 2 : 1), ...containers.map(containerCandidate)];
}

/** Names; behind "NAME:" the ports of that container; behind ":" the ports of this host. */
function targets(containers: Container[], word: string): Candidate[] {
	if (word.startsWith(':'))
		return containers.flatMap(({name, published}) =>
			published.map(({hostPort}) => ({word: `:${hostPort}`, about: `published by ${name}`})),
		);
	const owner = word.includes(':') ? containers.find(({name}) => word.startsWith(`${name}:`)) : undefined;
	if (!owner) return containers.map(containerCandidate);
	const ports = new Map(
		[...owner.published, ...owner.exposed].map(({port, proto}) => [`${port}${proto === 'tcp' ? '' : `/${proto}`}`, {port, proto}]),
	);
	return [...ports].map(([shown, {port, proto}]) => {
		const at = owner.published.find(one => one.port === port && one.proto === proto);
		return {word: `${owner.name}:${shown}`, about: at ? `published as ${at.hostPort}` : 'exposed'};
	});
}

function containerCandidate(container: Container): Candidate {
	return {word: container.name, about: [stateWord(container), portWords(container)].filter(Boolean).join(', ')};
}

function optionCandidate(option: OptionWords): Candidate {
	return {word: flagOf(option), about: option.words};
}
