import {readFile} from 'node:fs/promises';
import type {Group, Process} from '../model/index.js';
import {clean} from '../text/clean.js';
import {isFrozen} from './frozen.js';
import {malformed} from './program.js';

/** One process: its name, state (proc_pid_stat(5)), whether it is frozen, and in which container. A gap where it has gone. */
export async function readProcess(pid: number): Promise<Group<Process>> {
	const source = `/proc/${pid}/stat`;
	try {
		const [stat, cgroup] = await Promise.all([readFile(source, 'utf8'), readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')]);
		const value = {...parseStat(stat), frozen: await isFrozen(cgroup), container: containerOf(cgroup)};
		return {read: true, value, source, command: `ps -o pid,stat,comm -p ${pid}`};
	} catch (error) {
		return {read: false, gap: malformed(source, error)};
	}
}

/** What /proc/PID/stat says. The name stands in brackets and may itself hold brackets and blanks. */
export function parseStat(text: string): Pick<Process, 'pid' | 'name' | 'state'> {
	const [, pid, name, state] = /^(\d+) \((.*)\) (\S)/s.exec(text) ?? [];
	if (pid === undefined || name === undefined || state === undefined) throw new Error('no process state in it');
	return {pid: Number(pid), name: clean(name), state};
}

/** Every engine names a container's cgroup after its id; of nested ones the innermost counts. Null outside of containers. */
export function containerOf(cgroup: string): string | null {
	return cgroup.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)?.at(-1) ?? null;
}
