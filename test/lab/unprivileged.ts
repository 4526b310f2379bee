import {chmod, chown, copyFile, cp, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Ran} from '../../source/process/run.ts';
import type {CommandOptions} from './journal.ts';
import {type Lab, program} from './lab.ts';

export interface UnprivilegedUser {
	/** Runs a program on the host as that user. Rejects where it fails, unless options.mayFail. */
	run(argv: readonly string[], options?: CommandOptions): Promise<Ran>;
	/** The argument vector, to be run on the host, that is dockhop as that user: put its arguments behind it. */
	argv: string[];
	/** Runs dockhop as that user; its exit code is part of the result. */
	dockhop(...args: string[]): Promise<Ran>;
}

/**
 * A user without any capability who may use the engine's socket, because it belongs to the user's group, as with Docker's group "docker";
 * `mayUseSocket: false`: one of another group; `capabilities`: what it and its programs have nevertheless ("net_admin").
 */
export async function unprivilegedUser(lab: Lab, {mayUseSocket = true, capabilities = []}: UserOptions = {}): Promise<UnprivilegedUser> {
	const [user, group] = mayUseSocket ? [64_001, socketGroup] : [64_003, 64_004];
	const folder = join(lab.folder, ['user', user, ...capabilities].join('-'));
	await mkdir(folder, {recursive: true});
	await chown(lab.socket, 0, socketGroup);
	// The user may be barred from the folder of this checkout, and of the node that runs this.
	const node = join(folder, 'node');
	await copyFile(process.execPath, node);
	await chmod(node, 0o755);
	for (const part of ['dist', 'demo']) await cp(join(program, '../..', part), join(folder, part), {recursive: true});
	await chown(folder, user, group);
	const become = ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', ...granted(capabilities), '--no-new-privs'];
	const asUser = (argv: readonly string[]) => ['env', '-C', folder, `HOME=${folder}`, ...become, ...argv];
	const run = (argv: readonly string[], options?: CommandOptions) => lab.host(asUser(argv), options);
	const bundled = [node, join(folder, 'dist/dockhop.js')];
	const dockhop = (...args: string[]) => run([...bundled, ...args], {timeoutMs: 60_000, mayFail: true});
	return {run, argv: asUser(bundled), dockhop};
}

interface UserOptions {
	mayUseSocket?: boolean;
	capabilities?: readonly string[];
}

function granted(capabilities: readonly string[]): string[] {
	const words = ['-all', ...capabilities.map(one => `+${one}`)].join();
	return capabilities.length === 0 ? ['--inh-caps=-all'] : [`--inh-caps=${words}`, `--ambient-caps=${words}`];
}

/** As the users' own numbers: one that no account of a Debian system has. */
const socketGroup = 64_002;
