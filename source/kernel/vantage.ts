import {hostname, release} from 'node:os';
import type {Engine, Gap, Group, Link, Vantage} from '../model/index.js';
import {clean} from '../text/clean.js';
import {type Candidate, findCandidates, isLoopbackUrl, ownCandidate} from './candidates.js';
import {effectiveOf, grantsReading, hasRights} from './capabilities.js';
import {netnsAt, netnsOf} from './identity.js';
import {readLinks} from './links.js';
import {findPids} from './local-pids.js';
import {runReader} from './runner.js';
import {pairsOf, readEnds} from './veths.js';

/** From where the kernel is read, with what only the readers need to know of it. */
export interface Standpoint {
	vantage: Vantage;
	/** Why nothing can be read; set where vantage.kind is none. */
	gap: Gap | null;
	/** A process in the engine's network namespace, where that is not ours. */
	pid: number | null;
	/** The links of the engine's network namespace, by which it was found; null where it was not. */
	links: Group<Link[]> | null;
	/** Main process of each running container in our own pid namespace, by container id. */
	pids: Record<string, number>;
	/** In front of all that is run as root, where a helper container does that; else empty. */
	door: string[];
	copy: Means['copy'];
}

/** What the kernel's readers have beside this process's own rights. */
export interface Means {
	/** The links of our own namespace, where they are being read already. */
	ownLinks?: Promise<Group<Link[]>>;
	/** A file in a container, copied by the engine. */
	copy(containerId: string, path: string): Promise<Group<string>>;
	/** Starts a helper container, or gives the one that runs; rejects where there can be none. null: none is wanted. */
	helper: (() => Promise<HelperDoor>) | null;
}

export interface HelperDoor {
	/** The door through which its programs are started (process/start.ts). */
	word: string;
	image: string;
	/** Its main process. */
	pid: number;
}

/**
 * Finds the network namespace in which the engine's bridges are, and how it can be read; nothing where that is on another host
 * (`whyElsewhere`). Each candidate is checked (`isHome`): first ours or the one in which the engine's unix socket was opened, then
 * those of engines and, as root, all others. Facts of a namespace that does not prove to be the engine's are never given.
 * A helper container needs no search: the engine has put it into its own namespace.
 */
export async function findVantage(engine: Engine, means: Means): Promise<Standpoint> {
	const {ownLinks, copy} = means;
	const rights = await hasRights();
	const pids = findPids(engine.containers);
	const elsewhere = await whyElsewhere(engine, pids);
	if (elsewhere) return nothing(pids, elsewhere, copy);
	if (means.helper) return throughHelper(await means.helper(), {pids, copy});
	for await (const candidate of candidates(engine.url, rights)) {
		const links = await ((candidate.pid === null && ownLinks) || readLinks(candidate.enter));
		if (!(await isHome(candidate, engine, pids, links))) continue;
		if (candidate.pid === null)
			return {vantage: {...(rights ? asRoot : asUser), enter: []}, gap: null, pid: null, links, pids, door: [], copy};
		if (!rights) break;
		return {vantage: {...asRoot, enter: candidate.enter}, gap: null, pid: candidate.pid, links, pids, door: [], copy};
	}
	const gap: Gap = {
		id: 'other-namespace',
		why: "the engine's bridges are in another network namespace",
		tell: rights ? `run dockhop on ${engine.hostName}, in the network namespace of the engine` : `sudo dockhop --host ${engine.url}`,
	};
	return nothing(pids, gap, copy);
}

/** The rights of the helper are looked at, not believed: an engine without root, or a kernel's security module, gives less. */
async function throughHelper({word, image, pid}: HelperDoor, known: Pick<Standpoint, 'pids' | 'copy'>): Promise<Standpoint> {
	const isOurs = (await netnsOf(pid)) === (await netnsOf('self'));
	const door = [word];
	const enter = isOurs ? door : [...netnsAt(pid, door).enter];
	const [status, links] = await Promise.all([runReader(door, ['cat', '/proc/self/status']), readLinks(enter)]);
	const {kind, words} = grantsReading(effectiveOf(status.stdout)) ? asRoot : asUser;
	const vantage: Vantage = {
		kind,
		words: words.replace(/^[^:]*/, `${kind === 'root' ? '' : 'without its rights '}through a helper (${clean(image, 60)})`),
		enter,
	};
	return {...known, vantage, gap: null, pid: isOurs ? null : pid, links, door};
}

/** All processes are looked at only where our own namespace is not the engine's. */
async function* candidates(url: string, rights: boolean): AsyncGenerator<Candidate> {
	const own = await ownCandidate(url);
	if (own) yield own;
	yield* await findCandidates(url, rights);
}

/**
 * Whether the engine runs on another kernel than ours. One of its containers' processes here is proof that it does not; without
 * one, what it says of its host must agree, and its containers' processes must be hidden from us or there must be none. (A
 * forwarded socket looks like a local one, and the hosts of one fleet look alike.)
 */
async function whyElsewhere(engine: Engine, pids: Record<string, number>): Promise<Gap | null> {
	if (Object.keys(pids).length > 0) return null;
	const leadsAway = !engine.url.startsWith('unix:') && !isLoopbackUrl(engine.url);
	if (leadsAway || engine.kernelVersion !== release() || engine.hostName !== hostname()) {
		const host = engine.hostName || 'another host';
		return {id: 'other-host', why: `the engine runs on ${host}, whose kernel is not read`, tell: `run dockhop on ${host}`};
	}
	const isRunning = engine.containers.some(container => container.pid !== null && container.pid > 0);
	const seesAll = (await netnsOf(1)) !== null;
	if (!isRunning || !seesAll) return null;
	return {
		id: 'other-namespace',
		why: "none of the engine's containers runs in the pid namespace that is seen from here",
		tell: `run dockhop on ${engine.hostName} itself`,
	};
}

/**
 * Whether the engine's bridges are in that namespace. Bridges can be deleted (a fault to explain, not to hide), and every engine
 * calls its first one docker0, so a bridge alone proves nothing: the engine opened its socket there or runs there alone, and
 * has a bridge there or runs there; or every container's interface and a link there name each other as peers.
 */
async function isHome(candidate: Candidate, engine: Engine, pids: Record<string, number>, links: Group<Link[]>): Promise<boolean> {
	const bridges = new Set(engine.networks.map(network => network.bridge));
	const hasBridge = links.read && links.value.some(link => link.kind === 'bridge' && bridges.has(link.name));
	if (candidate.opensSocket && (hasBridge || candidate.runsEngine)) return true;
	if (!links.read || !hasBridge) return false;
	if (candidate.runsEngine && candidate.isOnlyEngine) return true;
	const ends = await Promise.all(Object.values(pids).map(readEnds));
	const joined = ends.filter(own => own.length > 0);
	return joined.length > 0 && joined.every(own => pairsOf('', own, links.value).length > 0);
}

/** With the rights of root, and without. */
export const asRoot = {kind: 'root', words: 'as root: reads links, routes, rules, sockets'} as const;
export const asUser = {kind: 'user', words: 'without root: reads links, routes and sockets, not rules and processes'} as const;

function nothing(pids: Record<string, number>, gap: Gap, copy: Means['copy']): Standpoint {
	return {vantage: {kind: 'none', words: gap.why, enter: []}, gap, pid: null, links: null, pids, door: [], copy};
}
