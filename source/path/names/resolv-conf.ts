import {isIP} from 'node:net';

export interface ResolvConf {
	servers: string[];
	search: string[];
	ndots: number;
}

/** The settings of resolv.conf(5) that decide where a name is asked; the last search or domain line counts. */
export function parseResolvConf(text: string): ResolvConf {
	const conf: ResolvConf = {servers: [], search: [], ndots: 1};
	for (const content of text.split('\n')) {
		const [key = '', ...words] = content
			.replace(/[#;].*$/, '')
			.trim()
			.split(/\s+/);
		if (key === 'nameserver' && words[0] && isIP(words[0].replace(/%.*$/, ''))) conf.servers.push(words[0]);
		if (key === 'search' || key === 'domain') conf.search = words.map(word => word.replace(/\.$/, '')).filter(word => word !== '');
		if (key !== 'options') continue;
		const ndots = words.map(word => /^ndots:(\d+)$/.exec(word)?.[1]).findLast(value => value !== undefined);
		if (ndots !== undefined) conf.ndots = Math.min(15, Number(ndots));
	}
	// Without a server the resolver asks this host itself.
	if (conf.servers.length === 0) conf.servers.push('127.0.0.1');
	return conf;
}

/** The full names that are asked, in order: the search list comes first for names with fewer dots than ndots. */
export function namesToAsk(name: string, conf: ResolvConf): string[] {
	if (name.endsWith('.')) return [name.slice(0, -1)];
	const searched = conf.search.map(domain => `${name}.${domain}`);
	const dots = name.split('.').length - 1;
	return dots >= conf.ndots ? [name, ...searched] : [...searched, name];
}
