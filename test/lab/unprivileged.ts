import {chmod, chown, copyFile, cp, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Ran} from '../../source/process/run.ts';
import type {CommandOptions} from './journal.ts';
import {type Lab, program} from './lab.ts';

export interface UnprivilegedUser {
	/** Runs a program on the host as that user. Rejects where it fails, unless options.mayFail. */
	run(argv: readonly string[], options?: CommandOptions): Promise<Ran>;
	/** Runs dockhop as that user; its exit code is part of the result. */
	dockhop(...args: string[]): Promise<Ran>;
}

/** A user without any capability who may use the engine's socket, because it belongs to the user's group, as with Docker's group "docker". */
export async function unprivilegedUser(lab: Lab): Promise<UnprivilegedUser> {
	const folder = join(lab.folder, 'user');
	await mkdir(folder);
	await chown(lab.socket, 0, group);
	// The user may be barred from the folder of this checkout, and of the node that runs this.
	const node = join(folder, 'node');
	await copyFile(process.execPath, node);
	await chmod(node, 0o755);
	await cp(join(program, '..'), join(folder, 'dist'), {recursive: true});
	await chown(folder, user, group);
	const become = ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--inh-caps=-all', '--no-new-privs'];
	const run = (argv: readonly string[], options?: CommandOptions) =>
		lab.host(['env', '-C', folder, `HOME=${folder}`, ...become, ...argv], options);
	const dockhop = (...args: string[]) => run([node, join(folder, 'dist/dockhop.js'), ...args], {timeoutMs: 60_000, mayFail: true});
	return {run, dockhop};
}

/** Numbers that no account of a Debian system has. */
const [user, group] = [64_001, 64_002];
