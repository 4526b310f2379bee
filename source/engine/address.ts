/** Where an engine is asked, and what chose it. */
export interface EngineAddress {
	/** As a person would write it: unix:///var/run/docker.sock */
	url: string;
	/** "--host", "DOCKER_HOST", "context NAME", "default socket". */
	chosenBy: string;
	transport: Transport;
	/** What was looked at before this address was found. */
	tried: Tried[];
}

export type Transport =
	| {kind: 'unix'; path: string}
	| {kind: 'tcp'; host: string; port: number; tls: TlsFiles | null}
	| {kind: 'ssh'; user: string | null; host: string; port: number | null; socket: string | null};

/** PEM text; null where there is none. */
export interface TlsFiles {
	ca: string | null;
	cert: string | null;
	key: string | null;
	verify: boolean;
}

export interface Tried {
	what: string;
	result: string;
}

/** No address could be found from what was said: nothing was asked over the network yet. */
export interface NoAddress {
	problem: string;
	advice: string[];
	tried: Tried[];
}

/**
 * An engine's URL taken apart: unix, tcp, http, https and ssh, as the Docker CLI takes them (docs: `docker --host`). `tls` are the
 * files to use where the URL means TLS. A text that is none of these gives the reason as a sentence.
 */
export function parseAddress(url: string, tls: TlsFiles | null): Transport | {problem: string} {
	const scheme = /^([a-z]+):\/\//.exec(url)?.[1];
	if (scheme === 'unix') {
		const path = url.slice('unix://'.length);
		return path.startsWith('/') ? {kind: 'unix', path} : {problem: `${url} names no absolute path of a socket`};
	}
	if (scheme === 'npipe') return {problem: `${url} is a Windows pipe: dockhop reads engines on Linux`};
	if (scheme && !networkSchemes.has(scheme)) return {problem: `${scheme}:// is none of unix, tcp, http, https, ssh`};
	const parsed = parseUrl(scheme ? url : `tcp://${url}`);
	if (!parsed?.hostname) return {problem: `${url} is not a URL such as unix:///var/run/docker.sock or tcp://192.0.2.1:2376`};
	const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
	const port = parsed.port === '' ? null : Number(parsed.port);
	if (scheme === 'ssh') return sshTransport(url, parsed, host, port);
	const secure = scheme === 'https' ? (tls ?? systemTls) : scheme === 'http' ? null : tls;
	return {kind: 'tcp', host, port: port ?? (secure ? 2376 : 2375), tls: secure};
}

const networkSchemes = new Set(['tcp', 'http', 'https', 'ssh']);
const systemTls: TlsFiles = {ca: null, cert: null, key: null, verify: true};

/** A host that starts with "-" would be an option of ssh. */
function sshTransport(url: string, parsed: URL, host: string, port: number | null): Transport | {problem: string} {
	const user = decodeURIComponent(parsed.username) || null;
	if (!host || host.startsWith('-') || user?.startsWith('-')) return {problem: `${url} names no host that ssh could ask`};
	if (parsed.password) return {problem: 'a password in an ssh:// URL is not used: use a key and ssh-agent'};
	const socket = parsed.pathname.length > 1 ? decodeURIComponent(parsed.pathname) : null;
	return {kind: 'ssh', user, host, port, socket};
}

/** The scheme is replaced by one that URL has no default port for, so that a port that was written is never swallowed. */
function parseUrl(url: string): URL | null {
	const text = url.replace(/^[a-z]+:/, 'tcp:');
	return !/[\s\p{Cc}]/u.test(text) && URL.canParse(text) ? new URL(text) : null;
}
