import type {DnsAnswer} from '../model/index.js';
import {namesToAsk, parseResolvConf} from '../path/names/resolv-conf.js';

/** Asks these servers for exactly this name; one answer per server, in their order. */
export type AskServers = (name: string, servers: readonly string[]) => Promise<DnsAnswer[]>;

/**
 * The answers by which the C library would decide (resolv.conf(5)), under the name that was asked for: at most three servers, of which
 * the first that knows decides; the name with each domain of the search list in turn, until one has addresses. Empty where a server
 * that would decide could not be asked: then nothing is known.
 */
export async function askAsResolver(ask: AskServers, name: string, resolvConf: string): Promise<DnsAnswer[]> {
	const conf = parseResolvConf(resolvConf);
	const failed: DnsAnswer[] = [];
	for (const full of namesToAsk(name, conf)) {
		const answers = deciding(await ask(full, conf.servers.slice(0, 3))).map(answer => ({...answer, name}));
		if (answers.some(({error}) => error?.startsWith('not asked'))) return [];
		if (answers.at(-1)?.addresses.length) return answers;
		failed.push(...answers);
	}
	return failed;
}

/** Up to the first server that knows the name, or knows that there is none: behind others (timeout, SERVFAIL, …) the next is asked. */
function deciding(answers: DnsAnswer[]): DnsAnswer[] {
	const knows = answers.findIndex(({error}) => error === null || error === 'NXDOMAIN');
	return knows === -1 ? answers : answers.slice(0, knows + 1);
}
