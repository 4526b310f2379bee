import {type ChildProcess, spawn} from 'node:child_process';
import {Duplex} from 'node:stream';
import {clean} from '../text/clean.js';
import type {Transport} from './address.js';

/**
 * A connection to a remote engine through the person's own ssh, as the Docker CLI makes it: `ssh HOST docker system dial-stdio`.
 * ssh asks nothing (BatchMode), since its questions would land in the screen. It ends when the stream does; the stream fails with
 * ssh's last line, code ESSH.
 */
export function dialSsh(transport: Extract<Transport, {kind: 'ssh'}>): Duplex {
	return new ChildStream(spawn('ssh', sshArguments(transport), {stdio: ['pipe', 'pipe', 'pipe']}));
}

/** Everything that came from the URL stands behind "--" or as an option's own argument. */
export function sshArguments({user, host, port, socket}: Extract<Transport, {kind: 'ssh'}>): string[] {
	const login = [...(user ? ['-l', user] : []), ...(port ? ['-p', String(port)] : [])];
	const far = ['docker', ...(socket ? ['--host', `unix://${quote(socket)}`] : []), 'system', 'dial-stdio'];
	return ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', ...login, '--', host, ...far];
}

/** ssh joins the remote words with blanks for the login shell there: what is not plain is quoted. */
function quote(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A child's stdin and stdout as one stream, with the methods of a socket that http.Agent calls. */
class ChildStream extends Duplex {
	readonly #child: ChildProcess;

	constructor(child: ChildProcess) {
		super();
		this.#child = child;
		let said = '';
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			said = (said + text).slice(-2000);
		});
		child.stdout?.on('data', chunk => {
			if (!this.push(chunk)) child.stdout?.pause();
		});
		child.stdin?.on('error', () => {});
		child.on('error', (error: NodeJS.ErrnoException) => this.destroy(error));
		child.on('close', code => {
			if (code === 0 || this.destroyed) this.push(null);
			else this.destroy(Object.assign(new Error(lastLine(said) || `ssh ended with ${code}`), {code: 'ESSH'}));
		});
	}

	override _read(): void {
		this.#child.stdout?.resume();
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		// That ssh took no more is told by its end, with its own words.
		this.#child.stdin?.write(chunk, () => done());
	}

	override _final(done: () => void): void {
		this.#child.stdin?.end(done);
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#child.kill();
		done(error);
	}

	setKeepAlive(): this {
		return this;
	}

	setNoDelay(): this {
		return this;
	}

	setTimeout(): this {
		return this;
	}

	ref(): this {
		this.#child.ref();
		return this;
	}

	unref(): this {
		this.#child.unref();
		return this;
	}
}

function lastLine(text: string): string {
	return clean(text.trim().split('\n').at(-1) ?? '', 200);
}
