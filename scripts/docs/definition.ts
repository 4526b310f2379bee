import {load} from './load.ts';

/** Commands, options, exit codes and keys as the program itself has them. */
export interface Definition {
	commands: import('../../source/commands/command.ts').Command[];
	options: import('../../source/commands/command.ts').OptionWords[];
	exitCodes: typeof import('../../source/commands/exit-codes.ts').exitCodeWords;
	examples: typeof import('../../source/commands/parse.ts').examples;
	keys: typeof import('../../source/ui/keys/bindings.ts').bindings;
	scripts: ReturnType<typeof import('../../source/commands/completion-scripts.ts').completionScripts>;
	version: string;
}

export async function definition(): Promise<Definition> {
	const [{commands}, {globalOptionWords}, {exitCodeWords}, {examples}, {completionScripts}, {version}, {bindings}] = await Promise.all([
		load<typeof import('../../source/commands/index.ts')>('commands/index.ts'),
		load<typeof import('../../source/commands/options.ts')>('commands/options.ts'),
		load<typeof import('../../source/commands/exit-codes.ts')>('commands/exit-codes.ts'),
		load<typeof import('../../source/commands/parse.ts')>('commands/parse.ts'),
		load<typeof import('../../source/commands/completion-scripts.ts')>('commands/completion-scripts.ts'),
		load<typeof import('../../source/commands/version.ts')>('commands/version.ts'),
		load<typeof import('../../source/ui/keys/bindings.ts')>('ui/keys/bindings.ts'),
	]);
	const shown = commands.filter(({hidden}) => !hidden);
	return {
		commands: shown,
		options: globalOptionWords,
		exitCodes: exitCodeWords,
		examples,
		keys: bindings,
		scripts: completionScripts(shown),
		version,
	};
}

/** "flow TARGET [--from ORIGIN] [--reply]". */
export function usage({name, arguments: args, options}: Definition['commands'][number]): string {
	const words = args.map(({name: argument, optional, values}) => {
		const shown = values && values.length < 5 ? values.join('|') : argument;
		return optional ? `[${shown}]` : shown;
	});
	return [name, ...words, ...options.map(({flags}) => `[${flags.replace(/[<>]/g, '')}]`)].join(' ');
}
