import {readFileSync} from 'node:fs';

/**
 * The text of a file that the kernel makes out of its memory (procfs, sysfs); "" where it is not there or not for us. At once, since
 * hundreds of them are read for one list and none can keep us waiting: a thread for each takes ten times as long.
 */
export function readKernelFile(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
