import {readFile, stat} from 'node:fs/promises';
import {clean} from '../text/clean.js';
import type {Transport} from './address.js';

/** Who asks, and the group that may use the socket: for the advice where access is refused. */
export interface Asker {
	uid: number;
	/** Name (else number) of the socket's group; null where it could not be read. */
	group: string | null;
	member: boolean;
	/** Sockets of other engines that are there: rootless Docker, Docker Desktop, Podman. */
	otherSockets: string[];
}

/** Reads it from the process and from the socket's owner. Never rejects. */
export async function whoAsks(transport: Transport): Promise<Asker> {
	const uid = process.getuid?.() ?? -1;
	if (transport.kind !== 'unix') return {uid, group: null, member: false, otherSockets: []};
	const otherSockets = await socketsBeside(transport.path);
	const gid = await stat(transport.path).then(
		found => found.gid,
		() => null,
	);
	if (gid === null) return {uid, group: null, member: false, otherSockets};
	const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
	return {uid, group: (await groupName(gid)) ?? String(gid), member: groups.includes(gid), otherSockets};
}

async function socketsBeside(path: string): Promise<string[]> {
	const {XDG_RUNTIME_DIR: runtime, HOME: home} = process.env;
	const usual = [
		'/var/run/docker.sock',
		...(runtime ? [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`] : []),
		...(home ? [`${home}/.docker/run/docker.sock`, `${home}/.docker/desktop/docker.sock`] : []),
		'/run/podman/podman.sock',
	];
	const isSocket = (place: string) =>
		stat(place).then(
			found => found.isSocket(),
			() => false,
		);
	const found = await Promise.all(usual.map(async place => (place !== path && (await isSocket(place)) ? [clean(place)] : [])));
	return found.flat();
}

async function groupName(gid: number): Promise<string | null> {
	const text = await readFile('/etc/group', 'utf8').catch(() => '');
	const line = text.split('\n').find(entry => entry.split(':')[2] === String(gid));
	return line?.split(':')[0] || null;
}
