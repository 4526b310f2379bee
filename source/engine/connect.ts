import Docker from 'dockerode';
import type {EngineAddress} from './address.js';
import {engineAgent} from './dial.js';

/** A way to ask one engine. Nothing is sent before the first question. */
export interface EngineClient {
	address: EngineAddress;
	docker: Docker;
	/** Requests that may run at once: over ssh each is a process and a login of its own. */
	parallel: number;
	/** The JSON that GET `path` answers. Rejects on any status but 200 (the error then has `path`), and with TimeoutError after 10 s. */
	get(path: string, query?: Record<string, unknown>): Promise<unknown>;
	/** Ends every connection, streams included. */
	close(): void;
}

/** Makes a client for an address that endpoint.ts found. */
export function connect(address: EngineAddress): EngineClient {
	const agent = engineAgent(address.transport);
	const docker = withoutDockerHost(() => new Docker({socketPath: 'unused', agent} as Docker.DockerOptions));
	const closed = new AbortController();
	return {
		address,
		docker,
		parallel: address.transport.kind === 'ssh' ? 3 : 8,
		async get(path, query) {
			const time = AbortSignal.timeout(10_000);
			try {
				return await dial(docker, path, query, AbortSignal.any([time, closed.signal]));
			} catch (error) {
				throw time.aborted ? time.reason : Object.assign(error as Error, {path});
			}
		},
		close() {
			closed.abort();
			agent.destroy();
		},
	};
}

/**
 * docker-modem mixes DOCKER_HOST and DOCKER_CERT_PATH of the environment into the options that it is given, and reads those files.
 * endpoint.ts has decided already; the agent makes the connections, and any socketPath keeps the modem from looking for a host.
 */
function withoutDockerHost<T>(make: () => T): T {
	const host = process.env.DOCKER_HOST;
	delete process.env.DOCKER_HOST;
	try {
		return make();
	} finally {
		if (host !== undefined) process.env.DOCKER_HOST = host;
	}
}

/** The modem wants a "?" at the end of a path exactly where a query follows. */
function dial(docker: Docker, path: string, query: Record<string, unknown> | undefined, abortSignal: AbortSignal): Promise<unknown> {
	const request = {path: query ? `${path}?` : path, method: 'GET', options: query, statusCodes: {200: true}, abortSignal};
	return new Promise((resolve, reject) => {
		docker.modem.dial(request, (error: unknown, answer: unknown) => (error ? reject(error) : resolve(isNull(answer) ? null : answer)));
	});
}

/** The modem gives JSON's null as bytes; some engines write it for an empty list. */
function isNull(answer: unknown): boolean {
	return Buffer.isBuffer(answer) && answer.toString().trim() === 'null';
}
