import type {Gap} from '../model/index.js';
import {clean} from '../text/clean.js';
import type {EngineAddress, Transport} from './address.js';
import type {Asker} from './asker.js';

/** What answered is no engine: its JSON is something else. */
export class NotAnEngine extends Error {
	readonly code = 'ENOTENGINE';
}

/** Why an engine could not be asked: a clause for the list of what was tried, advice in lines, and the gap that it leaves. */
export interface EngineFailure {
	reason: string;
	advice: string[];
	gap: Gap;
}

/** An error of a request put into words. Pure: `asker` says who asked. */
export function explainFailure(error: unknown, address: EngineAddress, asker: Asker): EngineFailure {
	const {code = '', statusCode, message = '', name = ''} = error as Partial<NodeJS.ErrnoException & {statusCode: number}>;
	const {transport} = address;
	const failure = (reason: string, advice: string[], id: Gap['id'] = 'no-engine'): EngineFailure => ({
		reason,
		advice,
		gap: {
			id,
			why: `the engine at ${address.url} did not answer: ${reason}`,
			tell: id === 'no-permission' && asker.uid !== 0 ? 'sudo dockhop' : (advice[0] ?? ''),
		},
	});
	if (code === 'EACCES' || code === 'EPERM') return failure('permission denied', permissionAdvice(asker), 'no-permission');
	if (statusCode === 400 && /HTTPS server/.test(message)) return failure('it wants TLS', ['Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.']);
	if (statusCode !== undefined)
		return failure(`answered ${statusCode}${asked(error)}: ${serverWords(error)}`, ['The log of the engine says more.'], 'read-failed');
	if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT') return failure('no answer in time', timeAdvice(address));
	if (code === 'ENOTENGINE' || code.startsWith('HPE_')) {
		return failure('what answers there is no Docker Engine', ['Give the engine with --host URL.'], 'read-failed');
	}
	if (transport.kind === 'ssh') {
		if (code === 'ENOENT') return failure('ssh is not installed', ['Install openssh-client.'], 'no-program');
		return failure(`ssh: ${clean(message.replace(/^ssh: /, ''), 200)}`, [
			`Try by hand: ${sshLine(transport)} (dockhop lets ssh ask nothing: it needs a key).`,
		]);
	}
	if (transport.kind === 'unix') {
		if (code === 'ENOENT') return failure('there is no such socket', startAdvice(asker));
		if (code === 'ECONNREFUSED') return failure('the socket is there, but no engine listens on it', startAdvice(asker));
		if (code === 'ENOTSOCK' || code === 'EPROTOTYPE') return failure('is no socket of an engine', ['Give the engine with --host URL.']);
	}
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return failure('its name is not found', ['Check the name in the URL.']);
	if (code === 'ECONNREFUSED')
		return failure('connection refused: nothing listens there', ['Check host and port, and that the engine listens on TCP.']);
	if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return failure('no route to it', ['Check the address and the network.']);
	if (isTls(code))
		return failure(`TLS: ${tlsWords(message)}`, ['Check DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem) or the context’s files.']);
	if (code === 'ECONNRESET' || code === 'EPIPE') {
		return failure(
			'it closed the connection',
			transport.kind === 'unix' ? startAdvice(asker) : ['An engine that wants TLS does so: set DOCKER_TLS_VERIFY=1.'],
		);
	}
	return failure(clean(message || code || 'unknown error', 200), []);
}

function startAdvice({otherSockets}: Asker): string[] {
	return [
		'Start Docker:   sudo systemctl start docker',
		'or name another engine: --host URL, --context NAME or DOCKER_HOST',
		...otherSockets.map(path => `There is one at   --host unix://${path}`),
	];
}

function permissionAdvice({uid, group, member}: Asker): string[] {
	const owner = group ? `the group that owns the socket (${group})` : 'the group that owns the socket';
	if (uid === 0)
		return ['You are root, and it is refused all the same: a security module (SELinux, AppArmor) or a user namespace forbids it.'];
	return [
		member ? `You are uid ${uid}, in ${owner}, and it is refused all the same.` : `You are uid ${uid} and not in ${owner}.`,
		'Either   sudo dockhop        reads the rules of the firewall as well',
		...(group && !member && group !== 'root' ? [`or       sudo usermod -aG ${group} $USER, then log in again`] : []),
	];
}

function timeAdvice({transport}: EngineAddress): string[] {
	if (transport.kind === 'unix') return ['The engine hangs: see   journalctl -u docker'];
	return ['Check host and port: a firewall on the way may drop the packets.'];
}

function sshLine({user, host, port}: Extract<Transport, {kind: 'ssh'}>): string {
	return ['ssh', ...(port ? ['-p', port] : []), user ? `${user}@${host}` : host, 'docker version'].join(' ');
}

function asked(error: unknown): string {
	const {path} = error as {path?: string};
	return path ? ` to GET ${path}` : '';
}

/** The message of the engine's JSON answer, else of its text, without the modem's frame around it. */
function serverWords(error: unknown): string {
	const {json, message} = error as {json?: {message?: unknown; cause?: unknown}; message?: string};
	const said = json?.message ?? json?.cause ?? message?.replace(/^\(HTTP code \d+\) .*? - /, '');
	return clean(String(said ?? ''), 200).trim();
}

/** OpenSSL writes "NUMBER:error:CODE:SSL routines:FUNCTION:WORDS:FILE:LINE:…"; Node adds advice of its own behind a semicolon. */
function tlsWords(message: string): string {
	return clean(/SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.split(';')[0] ?? '', 200);
}

/** Codes of OpenSSL's verification (X509_V_ERR_…) and of Node's TLS. */
function isTls(code: string): boolean {
	return code === 'EPROTO' || /^ERR_(TLS|SSL|OSSL)|CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
}
