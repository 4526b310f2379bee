import type {Ran} from '../process/run.js';

/** Puts words among a shell's arguments; gives what stands for each in its text, to be quoted by whoever uses it. */
export type Words = (...words: readonly string[]) => string[];

/** The words as arguments of a program. */
export function quoted(words: readonly string[]): string {
	return words.map(word => `"${word}"`).join(' ');
}

/** One program that does what one or several were asked for. */
export interface Step {
	/** Which of the argument vectors these are. */
	of: readonly number[];
	/** How a shell calls it, with what it does afterwards. */
	call(words: Words, then: string): string;
	/** What each of the programs would have done; nothing where that cannot be told. */
	read(ran: Ran): readonly Ran[];
}

/**
 * The programs to run for these argument vectors: questions to ip(8) about the same family are put to one process, which reads them from its
 * input and answers each with a line (`-batch`), all with details where one wants them. Where one of them fails, none is told.
 */
export function stepsOf(argvs: readonly (readonly string[])[]): Step[] {
	const groups = Map.groupBy(argvs.keys(), index => kindOf(argvs[index] ?? []) ?? index);
	return [...groups.values()].map(of => {
		const [first = []] = of.map(index => argvs[index] ?? []);
		if (of.length === 1) return {of, call: (words, then) => `${quoted(words(...first))}; ${then}`, read: ran => [ran]};
		const options = new Set(of.flatMap(index => optionsOf(argvs[index] ?? [])));
		const questions = of.map(index =>
			(argvs[index] ?? [])
				.slice(1)
				.filter(word => !word.startsWith('-'))
				.join(' '),
		);
		return {
			of,
			// A here-document and not a pipe, for which a shell would start two processes more. What it expands to is not read again.
			call: (words, then) =>
				[`${quoted(words('ip', ...options, '-batch', '-'))} <<QUESTIONS; ${then}`, ...words(...questions), 'QUESTIONS'].join('\n'),
			read(ran) {
				const answers = ran.stdout.split('\n').filter(line => line !== '');
				const isWhole = ran.code === 0 && ran.stderr === '' && answers.length === of.length;
				return isWhole ? answers.map(stdout => ({...ran, stdout})) : [];
			},
		};
	});
}

/** What can be asked in one batch; null: nothing beside this. As JSON an answer is one line. */
function kindOf(argv: readonly string[]): string | null {
	const isPlain = argv[0] === 'ip' && argv.includes('-j') && argv.every(word => /^[\w-]+$/.test(word));
	return isPlain
		? optionsOf(argv)
				.filter(option => option !== '-d')
				.join(' ')
		: null;
}

/** The options in front of what is asked: "-j -6". */
function optionsOf(argv: readonly string[]): string[] {
	const end = argv.findIndex((word, index) => index > 0 && !word.startsWith('-'));
	return argv.slice(1, end === -1 ? undefined : end);
}
