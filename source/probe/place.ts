import {readFile, readlink} from 'node:fs/promises';
import type {Container, Snapshot} from '../model/index.js';

/** A container whose main process is to be seen in this /proc, or the reason why none is. */
export type Place = {container: Container; pid: number} | {whyNot: string};

/** The container's main process, if it is certain that this pid of the engine is the same one here (and not one of another host or pid namespace). */
export async function placeOf(containerId: string, snapshot: Snapshot): Promise<Place> {
	const container = snapshot.engine.read ? snapshot.engine.value.containers.find(({id}) => id === containerId) : undefined;
	if (!container) return {whyNot: `the engine knows no container ${containerId.slice(0, 12)}`};
	if (container.pid === null) return {whyNot: `${container.name} is not running`};
	if (snapshot.vantage.kind === 'none') return {whyNot: `the processes of ${container.name} are not on the host that dockhop reads`};
	const same = await isSame(container.pid, containerId, snapshot);
	return same ? {container, pid: container.pid} : {whyNot: `process ${container.pid} of ${container.name} cannot be identified from here`};
}

/** By the inode of its network namespace as the snapshot has it, else (without root) by the container's id in its cgroup path. */
async function isSame(pid: number, containerId: string, {containers}: Snapshot): Promise<boolean> {
	const known = containers[containerId]?.netns.inode ?? null;
	const inode = await netnsInode(`/proc/${pid}/ns/net`);
	if (known !== null && inode !== null) return known === inode;
	const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
	return cgroup.includes(containerId);
}

/** Inode of a network namespace ("net:[4026532401]"); null without the right to read it. */
export async function netnsInode(path: string): Promise<number | null> {
	const link = await readlink(path).catch(() => '');
	const inode = Number(/^net:\[(\d+)\]$/.exec(link)?.[1]);
	return inode || null;
}
