import type {Command, OptionWords} from './command.js';
import {UsageError} from './command.js';
import {exitCodes} from './exit-codes.js';
import {globalOptionWords} from './options.js';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `dockhop completion SHELL` for these commands: a script to be read by that shell. */
export function completionCommand(others: Command[]): Command {
	const completion: Command = {
		name: 'completion',
		words: 'a completion script for bash, zsh or fish',
		arguments: [{name: 'SHELL', words: 'e.g. source <(dockhop completion bash)', values: shells}],
		options: [],
		async run({arguments: [shell = ''], output}) {
			const known = shells.find(one => one === shell);
			if (!known) throw new UsageError(`no completion for '${shell}'; there is one for ${shells.join(', ')}`);
			output.text(scripts[known]([...others, completion]));
			return exitCodes.fine;
		},
	};
	return completion;
}

const scripts: Record<(typeof shells)[number], (commands: Command[]) => string> = {
	bash: commands => `# bash completion for dockhop: source <(dockhop completion bash)
_dockhop() {
	local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" each
	for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case "$each" in ${commands.map(({name}) => name).join('|')}) command="$each"; break ;; esac
	done
	COMPREPLY=()
	case "$before" in
${valued(globalOptionWords, commands)
	.map(({flag, values}) => `	${flag}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return ;;`)
	.join('\n')}
	--replay) COMPREPLY=($(compgen -f -- "$word")); return ;;
	esac
	case "$command" in
	"") COMPREPLY=($(compgen -W "${[...commands.map(({name}) => name), ...flagsOf(globalOptionWords)].join(' ')}" -- "$word")) ;;
${commands.map(command => `	${command.name}) COMPREPLY=($(compgen -W "${wordsOf(command).join(' ')}" -- "$word")) ;;`).join('\n')}
	esac
}
complete -o default -F _dockhop dockhop
`,
	zsh: commands => `#compdef dockhop
# zsh completion for dockhop: source <(dockhop completion zsh)
_dockhop() {
	local command each
	for each in \${words[2,CURRENT-1]}; do
		case $each in ${commands.map(({name}) => name).join('|')}) command=$each; break ;; esac
	done
	case \${words[CURRENT-1]} in
${valued(globalOptionWords, commands)
	.map(({flag, values}) => `	${flag}) compadd -- ${values.join(' ')}; return ;;`)
	.join('\n')}
	--replay) _files; return ;;
	esac
	case $command in
	"") compadd -- ${[...commands.map(({name}) => name), ...flagsOf(globalOptionWords)].join(' ')} ;;
${commands.map(command => `	${command.name}) compadd -- ${wordsOf(command).join(' ')} ;;`).join('\n')}
	esac
}
compdef _dockhop dockhop
`,
	fish: commands => `# fish completion for dockhop: dockhop completion fish | source
complete -c dockhop -f
${commands.map(({name, words}) => `complete -c dockhop -n __fish_use_subcommand -a ${name} -d ${quoted(words)}`).join('\n')}
${globalOptionWords.map(option => fishOption(option)).join('\n')}
${commands.flatMap(({name, options}) => options.map(option => fishOption(option, name))).join('\n')}
${commands.flatMap(({name, arguments: [first]}) => (first?.values ? [`complete -c dockhop -n '__fish_seen_subcommand_from ${name}' -a ${quoted(first.values.join(' '))}`] : [])).join('\n')}
`,
};

function flagsOf(options: OptionWords[]): string[] {
	return options.map(({flags}) => flags.split(' ')[0] ?? '');
}

function wordsOf(command: Command): string[] {
	return [...new Set([...(command.arguments[0]?.values ?? []), ...flagsOf(command.options), ...flagsOf(globalOptionWords)])];
}

/** Options whose value is one of a few words. */
function valued(global: OptionWords[], commands: Command[]): {flag: string; values: readonly string[]}[] {
	const all = new Map<string, readonly string[]>();
	for (const {flags, values} of [...global, ...commands.flatMap(({options}) => options)]) {
		const flag = flags.split(' ')[0] ?? '';
		if (values && (all.get(flag)?.length ?? 0) < values.length) all.set(flag, values);
	}
	return [...all].map(([flag, values]) => ({flag, values}));
}

function fishOption({flags, words, values}: OptionWords, command?: string): string {
	const [flag = '', value] = flags.split(' ');
	const name = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
	const takes = value === undefined ? '' : values ? ` -x -a ${quoted(values.join(' '))}` : flag === '--replay' ? ' -r -F' : ' -x';
	return `complete -c dockhop${command ? ` -n '__fish_seen_subcommand_from ${command}'` : ''} ${name}${takes} -d ${quoted(words)}`;
}

function quoted(text: string): string {
	return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
