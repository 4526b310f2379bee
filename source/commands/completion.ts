import type {Command} from './command.js';
import {UsageError} from './command.js';
import {completionScripts, shells} from './completion-scripts.js';
import {exitCodes} from './exit-codes.js';

/** `dockhop completion SHELL`: a script to be read by that shell. */
export function completionCommand(others: readonly Command[]): Command {
	return {
		name: 'completion',
		words: 'a completion script for bash, zsh or fish',
		more: 'a completion script; container names and ports in it are live',
		arguments: [{name: 'SHELL', words: 'bash, zsh or fish; e.g. source <(dockhop completion bash)', values: shells}],
		options: [],
		async run({arguments: [shell = ''], output}) {
			const known = shells.find(one => one === shell);
			if (!known) throw new UsageError(`no completion for '${shell}'; there is one for ${shells.join(', ')}`);
			output.text(completionScripts(others)[known]);
			return exitCodes.fine;
		},
	};
}
