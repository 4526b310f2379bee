import type {Container} from '../model/index.js';
import {portWords, stateWord} from './containers.js';

/** A word that may stand where one is being typed, and what it is. */
export interface Candidate {
	word: string;
	about: string;
}

/** What a TARGET may be: names; behind "NAME:" the ports of that container; behind ":" the ports of this host. */
export function targetCandidates(containers: readonly Container[], word: string): Candidate[] {
	if (word.startsWith(':'))
		return containers.flatMap(({name, published}) =>
			published.map(({hostPort}) => ({word: `:${hostPort}`, about: `published by ${name}`})),
		);
	const owner = word.includes(':') ? containers.find(({name}) => word.startsWith(`${name}:`)) : undefined;
	if (!owner) return byName(containers);
	const ports = new Map(
		[...owner.published, ...owner.exposed].map(({port, proto}) => [`${port}${proto === 'tcp' ? '' : `/${proto}`}`, {port, proto}]),
	);
	return [...ports].map(([shown, {port, proto}]) => {
		const at = owner.published.find(one => one.port === port && one.proto === proto);
		return {word: `${owner.name}:${shown}`, about: at ? `published as ${at.hostPort}` : 'exposed'};
	});
}

/** What an ORIGIN may be besides what dockhop can send from: `lan` where a client there will do, `any` where whoever asks is waited for. */
export function originCandidates(containers: readonly Container[], others: readonly ('lan' | 'any')[]): Candidate[] {
	return [{word: 'host', about: 'this host'}, ...others.map(word => ({word, about: elsewhere[word]})), ...byName(containers)];
}

const elsewhere = {lan: 'a client behind the NIC', any: 'whoever asks next'};

/** Those that begin with what is typed, each once. */
export function beginningWith(candidates: readonly Candidate[], word: string): Candidate[] {
	return [...new Map(candidates.filter(one => one.word.startsWith(word)).map(one => [one.word, one])).values()];
}

function byName(containers: readonly Container[]): Candidate[] {
	return containers
		.toSorted((a, b) => a.name.localeCompare(b.name))
		.map(container => ({word: container.name, about: [stateWord(container), portWords(container)].filter(Boolean).join(', ')}));
}
