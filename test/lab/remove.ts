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
	for (const [signal, limitMs] of [
		['SIGTERM', 5000],
		['SIGKILL', 5000],
	] as const) {
		const until = Date.now() + limitMs;
		let pids = await processesIn(namespaces);
		for (const pid of pids) end(pid, signal);
		while (pids.length > 0 && Date.now() < until) {
			await sleep(50);
			pids = await processesIn(namespaces);
			// A process that a dying one has just started gets no SIGTERM, but this one.
			if (signal === 'SIGKILL') for (const pid of pids) end(pid, signal);
		}
	}
}

function end(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

async function processesIn(namespaces: ReadonlySet<string>): Promise<number[]> {
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
	const where = await Promise.all(pids.map(pid => readlink(`/proc/${pid}/ns/net`).catch(() => '')));
	return pids.filter((pid, index) => pid !== process.pid && namespaces.has(where[index] as string));
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
