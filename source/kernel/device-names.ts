import {readKernelFile} from './kernel-file.js';

/** Names of the links in a process's network namespace (proc_pid_net(5), net/dev), as they are; null where it cannot be seen. */
export function deviceNames(pid: number | 'self'): string[] | null {
	const text = readKernelFile(`/proc/${pid}/net/dev`);
	return text === '' ? null : [...text.matchAll(/^\s*([^\s:]+):/gm)].map(match => match[1] ?? '');
}
