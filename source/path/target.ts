import {isIP} from 'node:net';
import type {Proto, Target} from '../model/index.js';
import type {Usage} from './explanation.js';

/**
 * Reads TARGET: `CONTAINER[:PORT[/udp|/sctp]]`, `ADDRESS:PORT`, `:PORT`, or an http(s) URL; IPv6 in brackets.
 * An address without a port, a port out of 1–65535 or an unknown protocol is a usage error.
 */
export function parseTarget(text: string): Target | Usage {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUrl(text);
	const match = /^(?<host>\[[^\]]*\]|[^:/]*)(?::(?<port>[^/]*))?(?:\/(?<proto>.*))?$/.exec(text)?.groups;
	if (isIP(text) === 6) return usage(text, `write it in brackets, with a port: [${text}]:80`);
	if (!match) return usage(text, forms);
	const host = (match.host ?? '').replace(/^\[|\]$/g, '');
	const proto = protocols.find(known => known === (match.proto ?? 'tcp').toLowerCase());
	if (!proto) return usage(text, `the protocol is one of ${protocols.join(', ')}`);
	const port = match.port === undefined ? null : portOf(match.port);
	if (match.port !== undefined && port === null) return usage(text, 'a port is a number from 1 to 65535');
	if (match.host?.startsWith('[') && isIP(host) !== 6) return usage(text, 'in brackets stands an IPv6 address');
	if (host.includes('%')) return usage(text, 'an address with a zone (%link) is not followed');
	if (isIP(host))
		return port === null ? usage(text, 'an address needs a port: ADDRESS:PORT') : {kind: 'address', address: host, port, proto};
	if (host === '') return port === null ? usage(text, forms) : {kind: 'port', port, proto};
	return {kind: 'container', name: host, port, proto};
}

/** 1–65535, else null. */
export function portOf(text: string): number | null {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	return port >= 1 && port <= 65_535 ? port : null;
}

function parseUrl(text: string): Target | Usage {
	const url = URL.parse(text);
	if (!url || url.hostname === '') return usage(text, 'this is no URL that can be asked: http://HOST:PORT/PATH');
	const tls = url.protocol === 'https:';
	if (!tls && url.protocol !== 'http:') return usage(text, 'http:// and https:// can be asked; for others write HOST:PORT');
	if (url.port === '0') return usage(text, 'a port is a number from 1 to 65535');
	const host = url.hostname.replace(/^\[|\]$/g, '');
	return {kind: 'url', url: url.href, host, port: url.port === '' ? (tls ? 443 : 80) : Number(url.port), tls};
}

function usage(text: string, what: string): Usage {
	return {usage: `target '${text}': ${what}`};
}

const protocols: Proto[] = ['tcp', 'udp', 'sctp'];
const forms = 'write CONTAINER[:PORT[/udp]], ADDRESS:PORT, :PORT or a URL';
