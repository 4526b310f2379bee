import {PassThrough} from 'node:stream';
import {finished} from 'node:stream/promises';
import type {EngineClient} from './connect.js';

/** What a command in a container did. */
export interface ExecResult {
	stdout: string;
	stderr: string;
	/** Its exit code (126 and 127: it could not be started); null where it did not end in time or wrote too much. */
	code: number | null;
}

export interface ExecOptions {
	signal?: AbortSignal;
	/** Default 10,000 ms. */
	timeoutMs?: number;
	/** Default 4 MiB for stdout and stderr together. */
	maxBytes?: number;
}

/**
 * Runs an argument vector in a running container through the engine (POST /containers/ID/exec). Rejects where the engine refuses
 * (paused, not running), and with AbortError on abort. The API has no way to end a command: what outlives its time limit is only no
 * longer listened to, so the command must bound itself (curl --max-time).
 */
export async function execIn(
	client: EngineClient,
	containerId: string,
	argv: readonly string[],
	options: ExecOptions = {},
): Promise<ExecResult> {
	const {signal, timeoutMs = 10_000, maxBytes = 4 * 1024 * 1024} = options;
	const {docker} = client;
	const time = AbortSignal.timeout(timeoutMs);
	const ended = signal ? AbortSignal.any([signal, time]) : time;
	const output = {stdout: [] as Buffer[], stderr: [] as Buffer[]};
	const text = (name: 'stdout' | 'stderr') => Buffer.concat(output[name]).toString('utf8');
	try {
		const create = {Cmd: [...argv], AttachStdout: true, AttachStderr: true, abortSignal: ended};
		const exec = await docker.getContainer(containerId).exec(create);
		const stream = await exec.start({hijack: true, stdin: false, abortSignal: ended});
		const complete = await gather(docker.modem, stream, output, maxBytes, ended);
		const {ExitCode} = complete ? await exec.inspect({abortSignal: ended}) : {ExitCode: null};
		return {stdout: text('stdout'), stderr: text('stderr'), code: ExitCode ?? null};
	} catch (error) {
		if (time.aborted && !signal?.aborted) return {stdout: text('stdout'), stderr: text('stderr'), code: null};
		throw signal?.aborted ? new DOMException('The probe was cancelled', 'AbortError') : error;
	}
}

/** Reads both streams apart to their end; false where they grew over the limit. */
async function gather(
	modem: {demuxStream(stream: NodeJS.ReadableStream, stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): void},
	stream: NodeJS.ReadWriteStream & {destroy?(): void},
	output: Record<'stdout' | 'stderr', Buffer[]>,
	maxBytes: number,
	signal: AbortSignal,
): Promise<boolean> {
	let bytes = 0;
	const into = (name: 'stdout' | 'stderr') =>
		new PassThrough().on('data', (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes > maxBytes) stream.destroy?.();
			else output[name].push(chunk);
		});
	modem.demuxStream(stream, into('stdout'), into('stderr'));
	try {
		await finished(stream, {signal, writable: false});
	} catch (error) {
		stream.destroy?.();
		if (bytes <= maxBytes) throw error;
	}
	return bytes <= maxBytes;
}
