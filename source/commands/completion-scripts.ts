import type {Command} from './command.js';
import {globalOptionWords} from './options.js';
import {flagOf} from './words-typed.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

/**
 * A script for each shell. They only hand the line to `dockhop complete` and show what it answers, so that all three offer the same; no
 * answer means files. The words are given as they stand, and what comes back is never evaluated.
 */
export function completionScripts(commands: readonly Command[]): Record<(typeof shells)[number], string> {
	return {bash, zsh, fish: fish(commands)};
}

const bash = `# bash completion for dockhop: source <(dockhop completion bash)
_dockhop() {
	local line="\${COMP_LINE:0:COMP_POINT}" words word each
	read -ra words <<< "$line"
	[[ $line == *[[:space:]] ]] && words+=("")
	word="\${words[\${#words[@]} - 1]}"
	COMPREPLY=()
	while IFS=$'\\t' read -r each _; do
		# For bash a word begins anew behind a colon and an equals sign.
		COMPREPLY+=("\${each#"\${word%"\${word##*[:=]}"}"}")
	done < <("$1" complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -o default -F _dockhop dockhop
`;

const zsh = `#compdef dockhop
# zsh completion for dockhop: source <(dockhop completion zsh)
_dockhop() {
	local word about
	local -a found shown
	while IFS=$'\\t' read -r word about; do
		found+=("$word")
		shown+=("$word\${about:+  $about}")
	done < <("$words[1]" complete -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)
	if (( $#found )); then compadd -l -d shown -a found; else _files; fi
}
if [[ $funcstack[1] == _dockhop ]]; then _dockhop "$@"; else compdef _dockhop dockhop; fi
`;

/** fish has to be told where files may stand: elsewhere it would show them beside the names. */
function fish(commands: readonly Command[]): string {
	const fileOptions = globalOptionWords.filter(({offers}) => offers === 'files');
	const fileCommands = commands.filter(command => command.arguments.some(({offers}) => offers === 'files'));
	return [
		'# fish completion for dockhop: dockhop completion fish | source',
		'function __dockhop_candidates',
		'	set -l words (commandline -opc) (commandline -ct)',
		'	$words[1] complete -- $words[2..-1] 2> /dev/null',
		'end',
		"complete -c dockhop -f -a '(__dockhop_candidates)'",
		...fileOptions.map(option => `complete -c dockhop -l ${flagOf(option).slice(2)} -r -F`),
		...fileCommands.map(({name}) => `complete -c dockhop -n '__fish_seen_subcommand_from ${name}' -F`),
		'',
	].join('\n');
}
