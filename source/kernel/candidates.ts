import {readFile, realpath} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {netnsAt, netnsOf} from './identity.js';
import {readKernelFile} from './kernel-file.js';
import {listPids} from './socket-owners.js';

/** A network namespace of this kernel in which the engine's bridges may be. */
export interface Candidate {
	/** A process in it; null: it is ours. */
	pid: number | null;
	enter: string[];
	/** The engine's unix socket was opened in it. */
	opensSocket: boolean;
	/** A process named after an engine runs in it. */
	runsEngine: boolean;
	/** No engine runs in another one. */
	isOnlyEngine: boolean;
}

/**
 * The namespaces to check, best first: those in which the engine's unix socket was opened (each namespace lists its own in
 * /proc/PID/net/unix, readable by everybody), ours, those in which an engine runs. The rest only as root, who can enter them.
 */
export async function findCandidates(url: string, rights: boolean): Promise<Candidate[]> {
	const paths = await socketPaths(url);
	const spaces = await distinctNamespaces();
	const withEngine = spaces.filter(({names}) => engines.some(name => names.has(name)));
	const found = await Promise.all(
		spaces.map(async ({pid, isOurs, names}) => ({
			pid: isOurs ? null : pid,
			enter: isOurs ? [] : [...netnsAt(pid).enter],
			// What answers on the loopback interface was opened in our own namespace.
			opensSocket: (isOurs && isLoopbackUrl(url)) || listens(await unixSockets(pid), paths),
			runsEngine: engines.some(name => names.has(name)),
			isOnlyEngine: withEngine.length === 1,
		})),
	);
	const rank = (one: Candidate) => (one.opensSocket ? 4 : 0) + (one.pid === null ? 2 : 0) + (one.runsEngine ? 1 : 0);
	return found.filter(one => rank(one) > 0 || rights).sort((a, b) => rank(b) - rank(a));
}

/**
 * Our own namespace, where the engine's unix socket was opened in it: then it is the first of all, and no process has to be looked
 * at to know that. null: it was not.
 */
export async function ownCandidate(url: string): Promise<Candidate | null> {
	const opensSocket = isLoopbackUrl(url) || listens(await unixSockets('self'), await socketPaths(url));
	return opensSocket ? {pid: null, enter: [], opensSocket, runsEngine: false, isOnlyEngine: false} : null;
}

/** Whether a listening socket (flag __SO_ACCEPTCON, 0x10000) is bound to one of the paths: "Num RefCount Protocol Flags Type St Inode Path". */
export function listens(unix: string, paths: ReadonlySet<string>): boolean {
	return unix.split('\n').some(line => {
		const [, flags, path] = /^\S+ \S+ \S+ (\S+) \S+ \S+\s+\d+ (.+)$/.exec(line) ?? [];
		return path !== undefined && (Number.parseInt(flags ?? '0', 16) & 0x10000) !== 0 && paths.has(path);
	});
}

export function isLoopbackUrl(url: string): boolean {
	return /^(?:tcp|https?):\/\/(?:127\.|localhost\b|\[::1\])/.test(url);
}

/** The spellings under which the socket may have been bound: /var/run is a link to /run nearly everywhere. */
async function socketPaths(url: string): Promise<Set<string>> {
	if (!url.startsWith('unix://')) return new Set();
	const path = url.slice('unix://'.length);
	const real = await realpath(path).catch(() => path);
	const folder = await realpath(dirname(path)).catch(() => dirname(path));
	const spellings = [path, real, join(folder, basename(path))];
	return new Set(spellings.flatMap(one => [one, one.replace(/^\/run\//, '/var/run/'), one.replace(/^\/var\/run\//, '/run/')]));
}

function unixSockets(pid: number | 'self'): Promise<string> {
	return readFile(`/proc/${pid}/net/unix`, 'utf8').catch(() => '');
}

async function distinctNamespaces(): Promise<{pid: number; isOurs: boolean; names: Set<string>}[]> {
	const ours = await netnsOf('self');
	const spaces = new Map<number, {pid: number; isOurs: boolean; names: Set<string>}>();
	const met = await Promise.all([process.pid, ...listPids()].map(async pid => ({pid, netns: await netnsOf(pid), name: nameOf(pid)})));
	for (const {pid, netns, name} of met) {
		if (netns === null) continue;
		const space = spaces.get(netns) ?? {pid, isOurs: netns === ours, names: new Set()};
		space.names.add(name);
		// An engine lives longer than whatever else was met first.
		if (engines.includes(name)) space.pid = pid;
		spaces.set(netns, space);
	}
	return [...spaces.values()];
}

function nameOf(pid: number): string {
	return readKernelFile(`/proc/${pid}/comm`).trim();
}

const engines = ['dockerd', 'podman'];
