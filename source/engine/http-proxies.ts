import type {HttpProxies} from '../model/index.js';
import {word} from './words.js';

/**
 * The HTTP proxies that a container's environment names, as curl and most libraries read them: small letters before capitals, and HTTP_PROXY in
 * capitals as well, which curl alone leaves out. A user and a password in the URL are not kept.
 */
export function httpProxiesFrom(env: unknown): HttpProxies {
	const lines = Array.isArray(env) ? env.map(word) : [];
	const value = (name: string) => [name.toLowerCase(), name].map(key => variable(lines, key)).find(text => text !== '') ?? '';
	const all = proxyFrom(value('ALL_PROXY'));
	return {
		http: proxyFrom(value('HTTP_PROXY')) ?? all,
		https: proxyFrom(value('HTTPS_PROXY')) ?? all,
		except: value('NO_PROXY')
			.split(/[\s,]+/)
			.filter(text => text !== ''),
	};
}

function variable(lines: readonly string[], key: string): string {
	return (
		lines
			.find(line => line.startsWith(`${key}=`))
			?.slice(key.length + 1)
			.trim() ?? ''
	);
}

/** "http://user:password@proxy:3128/" or "proxy:3128". A proxy without a port is asked at 1080 (curl) or 80: the URL's own is taken. */
function proxyFrom(text: string): HttpProxies['http'] {
	if (text === '') return null;
	const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
	if (!url || url.hostname === '') return null;
	const own = url.protocol === 'https:' ? 443 : 80;
	return {host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? own : Number(url.port)};
}
