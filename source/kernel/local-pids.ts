import type {Container} from '../model/index.js';
import {readKernelFile} from './kernel-file.js';
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

function carries(pid: number, id: string): boolean {
	return readKernelFile(`/proc/${pid}/cgroup`).includes(id) || readKernelFile(`/proc/${pid}/mountinfo`).includes(id);
}

function searchAll(containers: Container[], pids: Record<string, number>): void {
	for (const pid of listPids()) {
		const cgroup = readKernelFile(`/proc/${pid}/cgroup`);
		const container = containers.find(({id}) => cgroup.includes(id));
		if (!container) continue;
		const numbers =
			/^NSpid:(.*)$/m
				.exec(readKernelFile(`/proc/${pid}/status`))?.[1]
				?.trim()
				.split(/\s+/)
				.map(Number) ?? [];
		if (numbers.includes(container.pid ?? -1)) pids[container.id] = pid;
	}
}
