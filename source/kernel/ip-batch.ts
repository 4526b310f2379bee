import type {Ran} from '../process/run.js';

/** Puts words among a shell's arguments; gives what stands for them in its text. */
export type Words = (...words: readonly string[]) => string;

/** One program that does what one or several were asked for. */
export interface Step {
	/** Which of the argument vectors these are. */
	of: readonly number[];
	/** How a shell calls it. */
	call(words: Words): string;
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
		if (of.length === 1) return {of, call: words => words(...first), read: ran => [ran]};
		const options = new Set(of.flatMap(index => optionsOf(argvs[index] ?? [])));
		const questions = of.map(index =>
			(argvs[index] ?? [])
				.slice(1)
				.filter(word => !word.startsWith('-'))
				.join(' '),
		);
		return {
			of,
			call: words => `printf '%s\\n' ${words(...questions)} | ${words('ip', ...options, '-batch', '-')}`,
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
