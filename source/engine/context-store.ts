import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {TlsFiles} from './address.js';

/** The Docker CLI's folder of settings: $DOCKER_CONFIG, else ~/.docker. */
export function configFolder(env: NodeJS.ProcessEnv): string {
	return env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
}

/** `currentContext` of config.json; null where there is none. An unreadable or broken file rejects. */
export async function currentContext(folder: string): Promise<string | null> {
	const text = await readIfThere(join(folder, 'config.json'));
	const name = text === null ? null : (JSON.parse(text) as {currentContext?: unknown})?.currentContext;
	return typeof name === 'string' && name !== '' ? name : null;
}

/**
 * The "docker" endpoint of a context (contexts/meta/SHA256-OF-NAME/meta.json) with its TLS files; null where the store has no such
 * context. Layout as docker/cli's cli/context/store keeps it.
 */
export async function readContext(folder: string, name: string): Promise<{host: string; tls: TlsFiles | null} | null> {
	// Loaded where it is needed: most people have no contexts (5 ms).
	const id = process.getBuiltinModule('node:crypto').createHash('sha256').update(name).digest('hex');
	const text = await readIfThere(join(folder, 'contexts/meta', id, 'meta.json'));
	if (text === null) return null;
	const docker = (JSON.parse(text) as {Endpoints?: {docker?: {Host?: unknown; SkipTLSVerify?: unknown}}}).Endpoints?.docker;
	if (typeof docker?.Host !== 'string') throw new Error('has no docker endpoint');
	const tls = await readTls(join(folder, 'contexts/tls', id, 'docker'), docker.SkipTLSVerify !== true);
	return {host: docker.Host, tls: tls.ca || tls.cert ? tls : null};
}

/** ca.pem, cert.pem and key.pem of a folder; files that are not there are null, unreadable ones reject. */
export async function readTls(folder: string, verify: boolean): Promise<TlsFiles> {
	const [ca, cert, key] = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map(name => readIfThere(join(folder, name))));
	return {ca: ca ?? null, cert: cert ?? null, key: key ?? null, verify};
}

async function readIfThere(path: string): Promise<string | null> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}
