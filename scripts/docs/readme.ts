import type {Definition} from './definition.ts';
import {usage} from './definition.ts';

/** README.md with what stands between its markers (`<!-- NAME -->` to `<!-- /NAME -->`) made anew. Fails where a marker is lacking. */
export function readme(text: string, from: Definition): string {
	let made = text;
	for (const [name, part] of Object.entries(parts(from))) {
		const between = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`);
		if (!between.test(made)) throw new Error(`README.md has no markers <!-- ${name} --> and <!-- /${name} -->`);
		made = made.replace(between, () => `<!-- ${name} -->\n${part}\n<!-- /${name} -->`);
	}
	return made;
}

function parts({commands, options, exitCodes, examples, keys}: Definition): Record<string, string> {
	const commandRows = commands.map(command => [`\`dockhop ${usage(command).replaceAll('|', '\\|')}\``, command.more ?? command.words]);
	const optionRows = options.map(({flags, words}) => [`\`${flags.replace(/[<>]/g, '')}\``, words]);
	const longest = Math.max(...examples.map(([command]) => command.length));
	return {
		commands: table(['command', 'what it does'], [['`dockhop`', 'the explorer'], ...commandRows]),
		options: table(['everywhere', ''], optionRows),
		examples: examples.map(([command, words]) => `    ${command.padEnd(longest)}    ${words}`).join('\n'),
		'exit codes': table(
			['exit code', ''],
			exitCodes.map(({code, more}) => [String(code), more]),
		),
		keys: table(
			['key', 'what it does'],
			keys.map(({shown, words}) => [
				shown
					.split(' ')
					.map(key => `\`${key}\``)
					.join(' '),
				words.replaceAll('|', '\\|'),
			]),
		),
	};
}

function table(titles: string[], rows: string[][]): string {
	return [titles, titles.map(() => '---'), ...rows]
		.map(cells => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |').replaceAll(' --- ', '---'))
		.join('\n');
}
