/** One option of a rule as iptables-save prints it. */
export interface Option {
	name: string;
	negated: boolean;
	values: string[];
}

/** What stands behind one `-m`, or ('') what stands before the first one: -s, -d, -i, -o, -p, -f. */
export interface Group {
	module: string;
	options: Option[];
}

/** The words of one rule, sorted but not yet understood. */
export interface RuleWords {
	chain: string;
	groups: Group[];
	/** Name behind -j or -g with its options; null: the rule only counts. */
	target: {name: string; goTo: boolean; options: Option[]} | null;
}

/** Sorts a line "-A CHAIN …" of iptables-save (without its counters). Throws where it is no such line, or a quote stays open. */
export function ruleWords(line: string): RuleWords {
	const tokens = tokenize(line);
	if (tokens[0]?.text !== '-A' || tokens[1] === undefined) throw new Error('not a rule');
	const rule: RuleWords = {chain: tokens[1].text, groups: [{module: '', options: []}], target: null};
	let negated = false;
	for (let i = 2; i < tokens.length; ) {
		const token = tokens[i++] as Token;
		if (token.text === '!' && !token.quoted) {
			negated = true;
			continue;
		}
		const values: string[] = [];
		// A free text may look like an option: the word after such a name is always its value.
		if (freeText.has(token.text) && i < tokens.length) values.push((tokens[i++] as Token).text);
		else while (i < tokens.length && isValue(tokens[i] as Token)) values.push((tokens[i++] as Token).text);
		add(rule, {name: token.text, negated, values});
		negated = false;
	}
	return rule;
}

/** The option as it is printed. */
export function optionWords({name, values}: Option): string {
	return [name, ...values.map(value => (/^[\w.:,/+@%-]+$/.test(value) ? value : `"${value}"`))].join(' ');
}

/** A whole group as it is printed. */
export function groupWords({module, options}: Group): string {
	const words = options.map(option => (option.negated ? '! ' : '') + optionWords(option));
	return [...(module === '' ? [] : [`-m ${module}`]), ...words].join(' ');
}

interface Token {
	text: string;
	quoted: boolean;
}

/** Splits at spaces; inside "…" a backslash protects the next character (xtables_save_string). */
function tokenize(line: string): Token[] {
	const tokens: Token[] = [];
	for (let i = 0; i < line.length; ) {
		if (line[i] === ' ') {
			i++;
		} else if (line[i] === '"') {
			let text = '';
			for (i++; line[i] !== '"'; i++) {
				if (line[i] === '\\') i++;
				if (i >= line.length) throw new Error('a quote stays open');
				text += line[i];
			}
			i++;
			tokens.push({text, quoted: true});
		} else {
			const end = line.indexOf(' ', i);
			const stop = end < 0 ? line.length : end;
			tokens.push({text: line.slice(i, stop), quoted: false});
			i = stop;
		}
	}
	return tokens;
}

function isValue({text, quoted}: Token): boolean {
	return quoted || (text !== '!' && !/^-{1,2}[a-zA-Z]/.test(text));
}

function add(rule: RuleWords, option: Option): void {
	if (option.name === '-m') rule.groups.push({module: option.values[0] ?? '', options: []});
	else if (option.name === '-j' || option.name === '-g')
		rule.target = {name: option.values[0] ?? '', goTo: option.name === '-g', options: []};
	else if (rule.target) rule.target.options.push(option);
	else {
		const header = headerOptions.has(option.name) ? rule.groups[0] : rule.groups.at(-1);
		header?.options.push(option);
	}
}

const headerOptions = new Set(['-s', '-d', '-i', '-o', '-p', '-f', '-4', '-6']);
const freeText = new Set([
	'--comment',
	'--log-prefix',
	'--nflog-prefix',
	'--string',
	'--hex-string',
	'--name',
	'--hashlimit-name',
	'--helper',
	'--path',
	'-j',
	'-g',
	'-m',
	'--ulog-prefix',
	'--accounting-name',
	'--label',
	'--timeout',
	'--selctx',
	'--id',
	'--physdev-in',
	'--physdev-out',
	'-i',
	'-o',
	'--led-trigger-id',
]);
