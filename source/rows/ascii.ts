/**
 * The text with the marks, arrows and frames that dockhop itself draws replaced by ASCII, for terminals that draw
 * East Asian ambiguous characters two cells wide and for locales without UTF-8. Other letters (names) stay; every replacement is
 * one cell wide but "→" and "←".
 */
export function toAscii(text: string): string {
	return text.replace(drawn, character => replacements[character] ?? character);
}

const replacements: Record<string, string> = {
	'✓': '+',
	'✗': 'x',
	'·': '.',
	'…': '~',
	'→': '->',
	'←': '<-',
	'↑': '^',
	'↓': 'v',
	'▸': '>',
	'⏎': 'enter',
	'×': 'x',
	'−': '-',
	'–': '-',
	'—': '-',
	µ: 'u',
	...Object.fromEntries([...'▏▎▍'].map(bar => [bar, '|'])),
	...Object.fromEntries([...'▌▋▊▉█'].map(bar => [bar, '#'])),
	'�': '?',
	...Object.fromEntries([...'┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╭╮╰╯'].map(corner => [corner, '+'])),
	...Object.fromEntries([...'─━═'].map(line => [line, '-'])),
	...Object.fromEntries([...'│┃║'].map(line => [line, '|'])),
};

const drawn = new RegExp(`[${Object.keys(replacements).join('')}]`, 'gu');
