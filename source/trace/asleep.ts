import {readFile} from 'node:fs/promises';

/**
 * Whether a process has nothing to do just now: it sleeps (proc_pid_stat(5)). On a busy machine one that has taken its messages from the kernel may
 * wait for a processor before it tells them. True too of one that cannot be looked at (it is gone, or runs in a helper container: -1).
 */
export async function isAsleep(pid: number): Promise<boolean> {
	const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	const state = text.slice(text.lastIndexOf(')') + 1).trim()[0];
	return state === undefined || state === 'S' || state === 'Z' || state === 'X';
}
