import {clean} from '../text/clean.js';
import {commandOf, missingProgram} from './program.js';
import {runReader} from './runner.js';

/** What was found for one server: per record type its addresses or the code of c-ares; or why it was not asked. */
export type Found = {addresses: string[]; errors: (string | null)[]} | {notAsked: string};

/** Asks one server by nslookup(1), of BIND or BusyBox, for both record types: for where this program's own code cannot run. */
export async function askNslookup(enter: readonly string[], name: string, server: string): Promise<Found> {
	const ask = (type: string) => ['nslookup', `-type=${type}`, '-timeout=1', '-retry=2', name.endsWith('.') ? name : `${name}.`, server];
	const both = await Promise.all(['a', 'aaaa'].map(type => runReader(enter, ask(type))));
	const parsed = both.map(({stdout, stderr}) => parseNslookup(`${stdout}\n${stderr}`));
	if (both.some(({code}, index) => code !== 0 && parsed[index]?.error === null)) {
		const [first] = both;
		const missing = first && missingProgram(enter, 'nslookup', first);
		return {
			notAsked: missing
				? `${missing} is not in the helper's image`
				: `${commandOf(enter, ['nslookup'])} failed: ${clean(first?.stderr.trim() ?? '', 120)}`,
		};
	}
	return {addresses: parsed.flatMap(({addresses}) => addresses), errors: parsed.map(({error}) => error)};
}

/** Both print the server with its address first, then "Name:" and "Address: …" for each answer, or why there is none. */
export function parseNslookup(text: string): {addresses: string[]; error: string | null} {
	const [, answers = ''] = /^Name:(.*)$/ms.exec(text) ?? [];
	const addresses = [...answers.matchAll(/^Address(?: \d+)?:[ \t]+([0-9a-f.:]+)/gim)].map(match => match[1] ?? '');
	const error = addresses.length > 0 ? null : (words.find(([pattern]) => pattern.test(text))?.[1] ?? null);
	return {addresses, error};
}

const words: [RegExp, string][] = [
	[/can't find .*: NXDOMAIN/, 'ENOTFOUND'],
	[/can't find .*: SERVFAIL/, 'ESERVFAIL'],
	[/can't find .*: REFUSED/, 'EREFUSED'],
	[/can't find .*: FORMERR/, 'EFORMERR'],
	[/can't find .*: NOTIMP/, 'ENOTIMP'],
	[/No answer/i, 'ENODATA'],
	[/connection refused|unreachable/i, 'ECONNREFUSED'],
	[/timed out|no servers could be reached/i, 'ETIMEOUT'],
];
