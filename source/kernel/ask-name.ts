import type {DnsAnswer} from '../model/index.js';
import {ownProgram} from '../process/own-program.js';
import {splitDoor} from '../process/start.js';
import {clean} from '../text/clean.js';
import {askNslookup} from './ask-nslookup.js';
import {runReader} from './runner.js';

/**
 * Asks each of the given DNS servers for the addresses (A and AAAA) of a name, from inside a network namespace, exactly as the
 * name stands (no search list). One answer per server: its addresses (none and no error: the name exists without any), or an
 * error: NXDOMAIN, SERVFAIL, REFUSED, timeout, unreachable, or another code of c-ares; "not asked: …" where the question could
 * not be put at all. Waits at most 3 seconds for the servers.
 */
export async function askName(
	enter: readonly string[],
	question: {from: DnsAnswer['from']; name: string; servers: readonly string[]},
): Promise<DnsAnswer[]> {
	const {from, name, servers} = question;
	if (servers.length === 0) return [];
	if (splitDoor(enter).door.length > 0) {
		return Promise.all(
			servers.map(async server => {
				const found = await askNslookup(enter, name, server);
				const known = 'notAsked' in found ? {addresses: [], error: `not asked: ${found.notAsked}`} : conclude(found);
				return {from, name, server, ...known};
			}),
		);
	}
	const ran = await runReader(enter, ownProgram(asker), JSON.stringify({name, servers}), 5000);
	const replies = parseReplies(ran.stdout);
	return servers.map(server => {
		const reply = replies[server];
		if (!reply)
			return {from, name, server, addresses: [], error: `not asked: ${clean(ran.failure ?? ran.stderr.trim(), 120) || 'no answer'}`};
		return {from, name, server, ...conclude(reply)};
	});
}

/** What the asking process found for one server: per record type its addresses or c-ares' code. */
export interface Reply {
	addresses: string[];
	errors: (string | null)[];
}

/** An address is an answer even where the other question failed; that a name does not exist is one for both. */
export function conclude({addresses, errors}: Reply): Pick<DnsAnswer, 'addresses' | 'error'> {
	if (addresses.length > 0) return {addresses: addresses.map(address => clean(address)), error: null};
	const failed = errors.filter(code => code !== null && code !== 'ENODATA');
	const code = failed.find(code => code === 'ENOTFOUND') ?? failed[0];
	return {addresses: [], error: code ? (words[code] ?? clean(code)) : null};
}

function parseReplies(text: string): Record<string, Reply> {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}

/** dns.Resolver asks the servers it is given and nothing else (no /etc/hosts, no search list). Runs in the namespace, where this program's own code cannot. */
const asker = `
const {Resolver} = require('node:dns').promises;
const {name, servers} = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const ask = async server => {
	const resolver = new Resolver({timeout: 1300, tries: 2});
	const addresses = [], errors = [];
	try { resolver.setServers([server]); } catch (error) { return {addresses, errors: [error.code]}; }
	for (const found of await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])) {
		if (found.status === 'fulfilled') addresses.push(...found.value);
		errors.push(found.status === 'rejected' ? found.reason.code ?? String(found.reason) : null);
	}
	return {addresses, errors};
};
const replies = {};
const finish = () => process.stdout.write(JSON.stringify(replies), () => process.exit());
Promise.all(servers.map(server => ask(server).then(reply => { replies[server] = reply; }))).then(finish);
setTimeout(() => {
	for (const server of servers) replies[server] ??= {addresses: [], errors: ['ETIMEOUT']};
	finish();
}, 2800);
`;

const words: Record<string, string> = {
	ENOTFOUND: 'NXDOMAIN',
	ESERVFAIL: 'SERVFAIL',
	EREFUSED: 'REFUSED',
	EFORMERR: 'FORMERR',
	ENOTIMP: 'NOTIMP',
	ETIMEOUT: 'timeout',
	ECONNREFUSED: 'unreachable',
};
