import {readdir, readFile, readlink, rm, rmdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {Journal} from './journal.ts';
import {namespacesOf} from './namespaces.ts';

/** Where labs keep their files: NAME/ and NAME.owner. */
export const labsFolder = '/var/lib/dockhop-lab';

/**
 * Ends a lab, whatever state it is in: its containers (through the engine while that answers), every process in one of its network
 * namespaces, mounts, namespaces and files. Does nothing where there is no lab of that name.
 */
export async function removeLab(name: string): Promise<void> {
	const folder = join(labsFolder, name);
	const journal = new Journal();
	await removeContainers(join(folder, 'docker.sock'), journal);
	const namespaces = [...Object.values(namespacesOf(name)), ...(await entries(join(folder, 'exec/netns')))];
	await endProcesses(await inodes(namespaces));
	await removeCgroups((await entries(join(folder, 'data/containers'))).map(path => path.slice(path.lastIndexOf('/') + 1)));
	await unmountBelow(folder, journal);
	for (const path of Object.values(namespacesOf(name))) {
		await journal.run(['ip', 'netns', 'del', path.slice('/run/netns/'.length)], {mayFail: true});
	}
	await rm(folder, {recursive: true, force: true});
	await rm(`${folder}.owner`, {force: true});
}

/** An engine that is asked leaves no cgroups behind. It is not waited for long: what it leaves goes below. */
async function removeContainers(socket: string, journal: Journal): Promise<void> {
	const docker = (...args: string[]) => journal.run(['docker', '--host', `unix://${socket}`, ...args], {timeoutMs: 20_000, mayFail: true});
	const ids = (await docker('ps', '-aq')).stdout.split('\n').filter(id => id !== '');
	if (ids.length > 0) await docker('rm', '-f', '-v', ...ids);
}

async function endProcesses(namespaces: ReadonlySet<string>): Promise<void> {
	// Whoever was found once stays on the list: when its parent ends, nothing else tells that it belongs to the lab.
	let pids = await processesIn(namespaces);
	for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
		const until = Date.now() + 5000;
		for (const pid of pids) send(pid, signal);
		while (pids.size > 0 && Date.now() < until) {
			await sleep(50);
			const late = await processesIn(namespaces);
			for (const pid of late) if (!pids.has(pid)) send(pid, signal);
			const all = [...pids, ...late];
			const alive = await Promise.all(all.map(isAlive));
			pids = new Set(all.filter((_, index) => alive[index]));
		}
	}
}

function send(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

/** A zombie is none: on a machine whose first process does not reap, it stays for good. */
async function isAlive(pid: number): Promise<boolean> {
	return !['', 'Z', 'X'].includes((await stateOf(pid)).state);
}

/** Processes in these namespaces, and what they have started in others (a shim's container). */
async function processesIn(namespaces: ReadonlySet<string>): Promise<Set<number>> {
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	const all = await Promise.all(pids.map(async pid => ({pid: Number(pid), netns: await netnsOf(pid), ...(await stateOf(pid))})));
	const found = new Set(all.filter(({netns}) => namespaces.has(netns)).map(({pid}) => pid));
	for (let before = -1; before !== found.size; ) {
		before = found.size;
		for (const {pid, parent} of all) if (found.has(parent)) found.add(pid);
	}
	found.delete(process.pid);
	return found;
}

function netnsOf(pid: string): Promise<string> {
	return readlink(`/proc/${pid}/ns/net`).catch(() => '');
}

/** State and parent (proc(5), stat: pid (name) state ppid; the name may hold anything, brackets too). No such process: '' and 0. */
async function stateOf(pid: number | string): Promise<{state: string; parent: number}> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	const [state = '', parent = 0] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return {state, parent: Number(parent)};
}

/** Namespaces as /proc/PID/ns/net spells them: "net:[4026532401]". */
async function inodes(paths: readonly string[]): Promise<Set<string>> {
	const own = (await stat('/proc/self/ns/net')).ino;
	const all = await Promise.all(paths.map(path => stat(path).catch(() => null)));
	// A path that is no mounted namespace has an inode of its file system: harmless. The own one must never be among them.
	return new Set(all.flatMap(found => (found === null || found.ino === own ? [] : [`net:[${found.ino}]`])));
}

/** cgroups of containers whose engine was killed: docker/ID in every hierarchy. */
async function removeCgroups(ids: readonly string[]): Promise<void> {
	if (ids.length === 0) return;
	const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').filter(line => / cgroup2? /.test(line));
	for (const root of mounts.map(line => line.split(' ')[1] as string)) {
		for (const id of ids) await rmdir(join(root, 'docker', id)).catch(() => {});
	}
}

async function unmountBelow(folder: string, journal: Journal): Promise<void> {
	const points = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map(line => line.split(' ')[1] ?? '');
	for (const point of points.filter(path => path.startsWith(`${folder}/`)).reverse()) {
		await journal.run(['umount', '-l', point], {mayFail: true});
	}
}

async function entries(folder: string): Promise<string[]> {
	return (await readdir(folder).catch(() => [])).map(name => join(folder, name));
}
