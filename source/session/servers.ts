import type {Group} from '../model/index.js';

/**
 * The servers that a resolver asks: the first three "nameserver" lines, and 127.0.0.1 where there are none (resolv.conf(5)). None
 * where the file was not read.
 */
export function serversOf(resolvConf: Group<string>): string[] {
	if (!resolvConf.read) return [];
	const named = resolvConf.value.split('\n').flatMap(line => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
	return named.length > 0 ? named.slice(0, 3) : ['127.0.0.1'];
}
