import {Argument, Command as Commander, CommanderError, Option} from 'commander';
import type {Command, OptionWords} from './command.js';
import {type ExitCode, exitCodes, exitCodeWords} from './exit-codes.js';
import {type GlobalOptions, globalOptions, globalOptionWords} from './options.js';

/** What a command line asks for. `said`: nothing more to do than to print this (help, version, a usage error). */
export type Parsed =
	| {kind: 'explorer'; options: GlobalOptions}
	| {kind: 'command'; command: Command; arguments: string[]; own: Record<string, string | boolean | undefined>; options: GlobalOptions}
	| {kind: 'said'; stdout: string; stderr: string; code: ExitCode};

/** Reads the arguments (without node and script). Pure: writes nothing, ends nothing. */
export function parse(argv: readonly string[], commands: readonly Command[], version: string): Parsed {
	let parsed: Parsed | null = null;
	const said = {stdout: '', stderr: ''};
	const program = new Commander('dockhop')
		.description('Follow one request through the network of Docker, hop by hop, on the real host.\nWithout a command: the explorer.')
		.version(version, '--version', 'print the version')
		.helpOption('-h, --help', 'print this help')
		.helpCommand('help [COMMAND]', 'print the help of a command')
		.configureHelp({showGlobalOptions: true})
		.exitOverride()
		.configureOutput({
			writeOut: text => {
				said.stdout += text;
			},
			writeErr: text => {
				said.stderr += text;
			},
			getOutHasColors: () => false,
			getErrHasColors: () => false,
		});
	for (const {parse: read, ...option} of globalOptionWords) program.addOption(read ? optionOf(option).argParser(read) : optionOf(option));
	for (const command of commands) {
		const sub = program
			.command(command.name, {hidden: command.hidden === true})
			.description(command.words)
			.allowExcessArguments(false);
		for (const {words, ...argument} of command.arguments) sub.addArgument(new Argument(argumentUsage(argument), words));
		for (const option of command.options) sub.addOption(optionOf(option, false));
		sub.action(() => {
			const options = globalOptions(program.opts());
			parsed = typeof options === 'string' ? wrong(options) : {kind: 'command', command, arguments: sub.args, own: sub.opts(), options};
		});
	}
	program.addHelpText('after', `\n${helpEnd}`);
	try {
		program.parse(argv, {from: 'user'});
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		// Where no command is given, commander would print the help: that is the explorer. `help NONSENSE` ends there, too.
		if (error.code === 'commander.help' && error.exitCode !== 0)
			return program.args.length === 0 ? explorer(program.opts()) : wrong(`unknown command '${program.args.at(-1)}'`);
		if (error.exitCode !== 0) return wrong(error.message.replace(/^error: /, '').replace('(Did you mean', '(did you mean'));
	}
	return parsed ?? {kind: 'said', stdout: said.stdout, stderr: said.stderr, code: exitCodes.fine};
}

/** A usage error as one line on stderr. */
function wrong(what: string): Parsed {
	const line = what.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
	return {kind: 'said', stdout: '', stderr: `dockhop: ${line}; see dockhop --help\n`, code: exitCodes.usage};
}

function explorer(given: Record<string, unknown>): Parsed {
	const options = globalOptions(given);
	if (typeof options === 'string') return wrong(options);
	if (given.json || given.format) return wrong('--json and --format need a command: the explorer draws on the terminal');
	return {kind: 'explorer', options};
}

/** Values are checked only for options whose list is complete. */
function optionOf({flags, words, values}: OptionWords, complete = true): Option {
	const option = new Option(flags, words);
	return values && complete ? option.choices(values) : option;
}

/** `<NAME>`, `[NAME]` or `[NAME...]`, as commander and people write it. */
export function argumentUsage({name, optional, many}: Pick<Command['arguments'][number], 'name' | 'optional' | 'many'>): string {
	const shown = many ? `${name}...` : name;
	return optional ? `[${shown}]` : `<${shown}>`;
}

/** What people ask for most; the README, the man page and the help show it. */
export const examples: readonly [command: string, words: string][] = [
	['dockhop flow web:80 --from lan', 'a client on the LAN asks for the published port'],
	['dockhop flow :8080', 'the host asks at 127.0.0.1:8080'],
	['dockhop flow http://api/ --from web', 'container to container, by name'],
	['dockhop probe :8080 --from web', 'container to host, through host.docker.internal, for real'],
	['dockhop trace web:80 --from app', 'the same packets on every interface and in every rule, with microseconds'],
	['dockhop doctor', 'what is wrong on this host, and what to do'],
	['dockhop explain listens-on-loopback', 'a cause in plain words'],
];

const helpEnd = [
	`Exit codes: ${exitCodeWords.map(({code, words}) => `${code} ${words}`).join(', ')}.`,
	'Examples:',
	...examples.map(([command, words]) => `  ${command.padEnd(36)}${words}`),
].join('\n');
