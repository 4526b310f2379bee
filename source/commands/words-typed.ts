import type {Command, OptionWords} from './command.js';
import {type GlobalOptions, globalOptions, globalOptionWords} from './options.js';

/** What a line that is being typed says so far. */
export interface Typed {
	/** The last word, perhaps begun, perhaps empty. */
	word: string;
	/** Null before a command's name. */
	command: Command | null;
	/** How many of the command's arguments stand there already. */
	arguments: number;
	/** The option whose value is being typed, and what stands before that value in its word ("--from="). */
	wanted: {option: OptionWords; before: string} | null;
	/** Which engine or recording the line is about; null where it contradicts itself. */
	options: GlobalOptions | null;
}

/** Reads the words behind `dockhop`, the last one being typed. Pure, and patient: half a line is no error. */
export function typed(words: readonly string[], commands: readonly Command[]): Typed {
	const known = new Map(globalOptionWords.map(option => [flagOf(option), option as OptionWords]));
	const given: Record<string, unknown> = {};
	let command: Command | null = null;
	let count = 0;
	let waiting: OptionWords | null = null;
	for (const each of words.slice(0, -1)) {
		if (waiting) {
			given[nameOf(waiting)] = each;
			waiting = null;
			continue;
		}
		const [flag = '', value] = each.split(/=(.*)/s, 2);
		const option = known.get(flag);
		if (option && takesValue(option)) {
			if (value === undefined) waiting = option;
			else given[nameOf(option)] = value;
		} else if (option) given[nameOf(option)] = true;
		else if (command) count++;
		else {
			command = commands.find(({name}) => name === each) ?? null;
			for (const own of command?.options ?? []) known.set(flagOf(own), own);
		}
	}
	const word = words.at(-1) ?? '';
	const joined = /^(--[\w-]+=)/.exec(word)?.[1];
	const behind = joined === undefined ? undefined : known.get(joined.slice(0, -1));
	const wanted = waiting ? {option: waiting, before: ''} : behind && joined ? {option: behind, before: joined} : null;
	const options = globalOptions(given);
	return {word, command, arguments: count, wanted, options: typeof options === 'string' ? null : options};
}

/** "--from <ORIGIN>" → "--from". */
export function flagOf({flags}: OptionWords): string {
	return flags.split(' ')[0] ?? '';
}

export function takesValue({flags}: OptionWords): boolean {
	return flags.includes(' ');
}

/** As commander names it. */
function nameOf(option: OptionWords): string {
	return flagOf(option)
		.replace(/^-+/, '')
		.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
