import {readFile, readlink} from 'node:fs/promises';
import type {Container, Snapshot} from '../model/index.js';

/** A container, and its main process as this /proc counts; or the reason why it cannot be found there. */
export type Place = {container: Container; pid: number} | {whyNot: string};

/** The container's main process, if it is certain that this pid is its own one here, and not one of another host or pid namespace. */
export async function placeOf(containerId: string, snapshot: Snapshot): Promise<Place> {
	const container = snapshot.engine.read ? snapshot.engine.value.containers.find(({id}) => id === containerId) : undefined;
	if (!container) return {whyNot: `the engine knows no container ${containerId.slice(0, 12)}`};
	if (container.pid === null) return {whyNot: `${container.name} is not running`};
	if (snapshot.vantage.kind === 'none') return {whyNot: `the processes of ${container.name} are not on the host that dockhop reads`};
	const facts = snapshot.containers[containerId];
	// Docker-in-Docker counts in a pid namespace of its own; the snapshot has the number that holds here.
	const pid = facts?.main.read ? facts.main.value.pid : container.pid;
	const isIts = await belongsTo(pid, containerId, facts?.netns.inode ?? null);
	return isIts ? {container, pid} : {whyNot: `process ${pid} of ${container.name} cannot be identified from here`};
}

/** By the inode of its network namespace as the snapshot has it, else by the container's id in its cgroup path or its mounts. */
async function belongsTo(pid: number, containerId: string, known: number | null): Promise<boolean> {
	const inode = await netnsInode(`/proc/${pid}/ns/net`);
	if (known !== null && inode !== null) return known === inode;
	const texts = await Promise.all(['cgroup', 'mountinfo'].map(file => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')));
	return texts.some(text => text.includes(containerId));
}

/** Inode of a network namespace ("net:[4026532401]"); null without the right to read it. */
export async function netnsInode(path: string): Promise<number | null> {
	const link = await readlink(path).catch(() => '');
	const inode = Number(/^net:\[(\d+)\]$/.exec(link)?.[1]);
	return inode || null;
}
