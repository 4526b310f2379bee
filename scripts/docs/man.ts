import type {Definition} from './definition.ts';
import {usage} from './definition.ts';

/** The man page (man(7)), from the one definition of commands, options, exit codes and keys. */
export function manPage({commands, options, exitCodes, examples, keys, version}: Definition): string {
	const items = (pairs: (readonly [string, string])[]) => pairs.flatMap(([term, words]) => ['.TP', `.B ${text(term)}`, text(words)]);
	return [
		`.TH DOCKHOP 1 "" "dockhop ${version}" "User Commands"`,
		'.SH NAME',
		'dockhop \\- follow one request through the network of Docker, hop by hop, on the real host',
		'.SH SYNOPSIS',
		'.B dockhop',
		'[OPTION...] [COMMAND]',
		'.SH DESCRIPTION',
		text(
			'Reads what the Docker Engine and the Linux kernel say (interfaces, bridges, routes, firewall rules, sockets, resolver files), walks the packet of a request through all of it, and shows each place that it passes, with the deciding fact and the command by which that fact is seen without dockhop.',
		),
		'.PP',
		text('Without a command it is the explorer, which needs a terminal.'),
		'.SH COMMANDS',
		...commands.flatMap(command => [
			'.TP',
			`.B ${text(usage(command))}`,
			text(sentence(command.more ?? command.words)),
			...command.options.flatMap(({flags, words}) => ['.RS', '.TP', `.B ${text(plain(flags))}`, text(sentence(words)), '.RE']),
		]),
		'.SH TARGET AND ORIGIN',
		text(
			"TARGET is CONTAINER[:PORT[/udp|/sctp]] (the container's own port), ADDRESS:PORT, :PORT (of this host) or a URL; IPv6 stands in brackets. ORIGIN is host (default), host:ADDRESS, lan, lan:ADDRESS or a container's name.",
		),
		'.SH OPTIONS',
		...items(options.map(({flags, words}) => [plain(flags), sentence(words)] as const)),
		...items([
			['-h, --help', 'Print the help.'],
			['--version', 'Print the version.'],
		]),
		'.SH KEYS OF THE EXPLORER',
		...items(keys.map(({shown, words}) => [shown.replaceAll(' ', ', '), sentence(words)] as const)),
		'.SH EXIT STATUS',
		...items(exitCodes.map(({code, more}) => [String(code), sentence(more)] as const)),
		'.SH ENVIRONMENT',
		...items([
			['DOCKER_HOST, DOCKER_CONTEXT', 'Which engine is asked, as for docker, where neither --host nor --context is given.'],
			['NO_COLOR', 'No colours.'],
		]),
		'.SH EXAMPLES',
		...items(examples.map(([command, words]) => [command, sentence(words)] as const)),
		'.SH SEE ALSO',
		'.BR docker (1),\n.BR ip (8),\n.BR iptables (8),\n.BR nft (8),\n.BR ss (8)',
		'',
	].join('\n');
}

/** Characters that roff would obey, written so that it does not; ASCII hyphens stay what they are when they are copied. */
function text(words: string): string {
	const safe = words
		.replace(/\\/g, '\\e')
		.replace(/-/g, '\\-')
		.replace(/`/g, '')
		.replace(/[^ -~]/gu, character => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`);
	return /^[.']/.test(safe) ? `\\&${safe}` : safe;
}

function sentence(words: string): string {
	return words.endsWith('.') ? words : `${words}.`;
}

function plain(flags: string): string {
	return flags.replace(/[<>]/g, '');
}
