import type {Container} from '../model/index.js';
import {readKernelFile} from './kernel-file.js';
import {containerOf} from './process.js';
import {listPids} from './socket-owners.js';

/**
 * The main process of each running container in our own pid namespace, by container id. The engine's number is taken where that
 * process's cgroup or mounts carry the container's id; else (docker-in-docker counts in its own pid namespace) the process with
 * that number inside (NSpid of proc_pid_status(5)) whose cgroup does. Containers without one are not on this kernel, or hidden.
 */
export function findPids(containers: Container[]): Record<string, number> {
	const running = containers.filter(container => container.pid !== null && container.pid > 0);
	const pids: Record<string, number> = {};
	for (const {id, pid} of running) if (pid !== null && carries(pid, id)) pids[id] = pid;
	const rest = running.filter(({id}) => pids[id] === undefined);
	// One pass over all processes, only where another pid namespace is likely: none of the engine's numbers held.
	if (rest.length > 0 && rest.length === running.length) searchAll(rest, pids);
	return pids;
}

/**
 * A process of each container that runs on this kernel, by container id, in one pass over all processes: its main process (1 in its pid
 * namespace) where one can be told from the others, else the oldest. Whatever the cgroup driver, a container's cgroup bears its id.
 */
export function pidsByCgroup(): Record<string, number> {
	const members = new Map<string, number[]>();
	for (const pid of listPids().sort((a, b) => a - b)) {
		const id = containerOf(readKernelFile(`/proc/${pid}/cgroup`));
		if (id !== null) members.set(id, [...(members.get(id) ?? []), pid]);
	}
	const isFirst = (pid: number) => numbersOf(pid).at(-1) === 1;
	return Object.fromEntries(
		[...members].flatMap(([id, pids]) => {
			const main = pids.length === 1 ? pids[0] : (pids.find(isFirst) ?? pids[0]);
			return main === undefined ? [] : [[id, main]];
		}),
	);
}

/** The numbers of a process in its pid namespace and those around it, the outermost first (NSpid of proc_pid_status(5)). */
function numbersOf(pid: number): number[] {
	const line = /^NSpid:(.*)$/m.exec(readKernelFile(`/proc/${pid}/status`))?.[1] ?? '';
	return line.trim().split(/\s+/).map(Number);
}

function carries(pid: number, id: string): boolean {
	return readKernelFile(`/proc/${pid}/cgroup`).includes(id) || readKernelFile(`/proc/${pid}/mountinfo`).includes(id);
}

function searchAll(containers: Container[], pids: Record<string, number>): void {
	for (const pid of listPids()) {
		const cgroup = readKernelFile(`/proc/${pid}/cgroup`);
		const container = containers.find(({id}) => cgroup.includes(id));
		if (!container) continue;
		if (numbersOf(pid).includes(container.pid ?? -1)) pids[container.id] = pid;
	}
}
