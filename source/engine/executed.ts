import {EventEmitter} from 'node:events';
import {type Duplex, PassThrough} from 'node:stream';
import {finished} from 'node:stream/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import type {EngineClient} from './connect.js';

/**
 * A program that the engine runs in a container (POST /containers/ID/exec), with the face of a child process: streams, kill, and the
 * events "error" and "close". The engine cannot end such a program. So sh(1) ends it when its input ends: that is when it is killed here, and also
 * when this process ends in any way, because then the connection does. The shell reads only the fixed texts below; the program's words are its arguments.
 */
export class Executed extends EventEmitter {
	/** It is no process of ours. */
	readonly pid = undefined;
	readonly stdin: PassThrough | null;
	readonly stdout = new PassThrough();
	readonly stderr = new PassThrough();
	#connection: Duplex | null = null;
	#killed: 'softly' | 'hard' | null = null;
	#ended = false;

	constructor(client: EngineClient, containerId: string, argv: readonly string[], {stdin}: {stdin: boolean}) {
		super();
		this.stdin = stdin ? new PassThrough() : null;
		this.#run(client, containerId, ['sh', '-c', stdin ? become : endWithInput, 'sh', ...argv]).then(
			code => this.#close(code, null),
			error => this.#fail(error),
		);
	}

	/** SIGKILL: it counts as ended at once. Any other signal asks it to end (SIGTERM), and what it says then is still heard. */
	kill(signal: NodeJS.Signals | number = 'SIGTERM'): boolean {
		if (this.#ended) return false;
		this.#killed = signal === 'SIGKILL' ? 'hard' : 'softly';
		if (this.#killed === 'hard') {
			this.#connection?.destroy();
			void this.#close(null, 'SIGKILL');
		} else this.#connection?.end();
		return true;
	}

	async #run(client: EngineClient, containerId: string, argv: string[]): Promise<number | null> {
		const attached = {AttachStdin: true, AttachStdout: true, AttachStderr: true};
		const exec = await client.docker.getContainer(containerId).exec({Cmd: argv, ...attached});
		const connection = await exec.start({hijack: true, stdin: true});
		this.#connection = connection;
		client.docker.modem.demuxStream(connection, this.stdout, this.stderr);
		if (this.stdin) this.stdin.pipe(connection);
		if (this.#killed === 'hard') connection.destroy();
		else if (this.#killed === 'softly') connection.end();
		connection.on('error', () => {});
		await finished(connection, {writable: false});
		// The streams end a moment before the engine has noted how the program did.
		for (const until = performance.now() + 2000; performance.now() < until; await sleep(5)) {
			const {Running, ExitCode} = await exec.inspect();
			if (!Running && ExitCode !== null) return ExitCode;
		}
		return null;
	}

	async #close(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
		if (this.#ended) return;
		this.#ended = true;
		this.stdout.end();
		this.stderr.end();
		await Promise.all([this.stdout, this.stderr].map(stream => finished(stream, {writable: false}).catch(() => {})));
		this.emit('close', code, signal);
	}

	#fail(error: Error): void {
		if (this.#ended) return;
		this.emit('error', error);
		void this.#close(null, null);
	}
}

/** The program takes the shell's place, and reads what is written to it; it has to end by itself where that ends. */
const become = 'exec "$@"';

/** The program's exit code is the shell's. Its reader of the input is a child of the same shell, so that the number it kills is never another's. */
const endWithInput = `exec 3<&0
"$@" </dev/null 3<&- & program=$!
{ read -r _ <&3; kill "$program"; sleep 1; kill -9 "$program"; } >/dev/null 2>&1 &
exec 3<&-
wait "$program"; code=$?
kill "$!" 2>/dev/null
exit "$code"`;
