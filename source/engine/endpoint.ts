import {clean} from '../text/clean.js';
import {type EngineAddress, type NoAddress, parseAddress, type TlsFiles, type Tried} from './address.js';
import {configFolder, currentContext, readContext, readTls} from './context-store.js';

export interface Choice {
	/** --host */
	host?: string;
	/** --context */
	context?: string;
}

/**
 * Which engine to ask, in the Docker CLI's own order (docker/cli, resolveContextName): --host, --context, DOCKER_HOST,
 * DOCKER_CONTEXT, currentContext of config.json, the default socket. What was named and cannot be used is an answer of its
 * own (NoAddress): another engine is never asked instead.
 */
export async function findEndpoint(choice: Choice, env: NodeJS.ProcessEnv = process.env): Promise<EngineAddress | NoAddress> {
	const tried: Tried[] = [];
	const folder = configFolder(env);
	try {
		if (choice.host !== undefined && choice.context !== undefined) {
			return none(tried, '--host and --context name two engines', ['Give one of them.']);
		}
		if (choice.host !== undefined) return address(choice.host, '--host', await envTls(env, folder), tried);
		if (choice.context !== undefined && choice.context !== 'default') return await fromContext(folder, choice.context, '--context', tried);
		if (env.DOCKER_HOST) return address(env.DOCKER_HOST, 'DOCKER_HOST', await envTls(env, folder), tried);
		tried.push({what: 'DOCKER_HOST', result: 'not set'});
		const named = choice.context ?? (env.DOCKER_CONTEXT || null);
		const name = named ?? (await currentContext(folder));
		const from = named ? 'DOCKER_CONTEXT' : `${folder}/config.json`;
		if (name && name !== 'default') return await fromContext(folder, name, from, tried);
		return address(defaultSocket, 'default socket', null, tried);
	} catch (error) {
		const reason = error instanceof Error ? clean(error.message) : 'cannot be read';
		return none(tried, `the Docker CLI's settings in ${clean(folder)} cannot be read: ${reason}`, ['Give the engine with --host URL.']);
	}
}

const defaultSocket = 'unix:///var/run/docker.sock';

async function fromContext(folder: string, name: string, chosenBy: string, tried: Tried[]): Promise<EngineAddress | NoAddress> {
	const shown = clean(name, 80);
	const context = await readContext(folder, name);
	if (context) return address(context.host, `context ${shown}`, context.tls, tried);
	tried.push({what: `context ${shown}`, result: `not found in ${clean(folder)} (named by ${chosenBy})`});
	return none(tried, `there is no Docker context ${shown}`, ['docker context ls lists the contexts.']);
}

function address(url: string, chosenBy: string, tls: TlsFiles | null, tried: Tried[]): EngineAddress | NoAddress {
	const shown = clean(url).replace(/\/\/([^@/:]*):[^@/]*@/, '//$1:…@');
	const transport = parseAddress(url, tls);
	if (!('problem' in transport)) return {url: shown, chosenBy, transport, tried};
	tried.push({what: chosenBy, result: clean(transport.problem)});
	return none(tried, `${chosenBy}: ${clean(transport.problem)}`, ['unix:///var/run/docker.sock is the usual one.']);
}

/** DOCKER_TLS_VERIFY: TLS, and the server is verified. DOCKER_TLS: TLS alone. Files from DOCKER_CERT_PATH, else the CLI's folder. */
async function envTls(env: NodeJS.ProcessEnv, folder: string): Promise<TlsFiles | null> {
	const verify = Boolean(env.DOCKER_TLS_VERIFY);
	if (!verify && !env.DOCKER_TLS) return null;
	return readTls(env.DOCKER_CERT_PATH || folder, verify);
}

function none(tried: Tried[], problem: string, advice: string[]): NoAddress {
	return {problem, advice, tried};
}
