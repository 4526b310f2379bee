import {
	type Container,
	type Engine,
	type FdbEntry,
	type Group,
	type HostFacts,
	type Link,
	type Socket,
	unreadHost,
	type VethPair,
} from '../model/index.js';
import {readFdb} from './fdb.js';
import {readLinks} from './links.js';
import {readNetns} from './netns.js';
import {readProxies} from './proxies.js';
import {readHostResolver, readResolver} from './resolver-files.js';
import {readSocketOwners} from './socket-owners.js';
import {readSockets} from './sockets.js';
import type {Standpoint} from './vantage.js';
import {readVeths} from './veths.js';

/** Everything of the engine's namespace but its sockets, which are read when they are asked for (`readHostSockets`). */
export async function readHost({vantage, gap, pid, pids, links, door}: Standpoint, engine: Pick<Engine, 'containers'>): Promise<HostFacts> {
	if (gap) return unreadHost(gap);
	const [host, hostResolver, proxies] = await Promise.all([
		readNetns({enter: vantage.enter, pid: pid ?? 'self'}, notYet, {known: links ?? undefined}),
		pid === null ? readHostResolver() : readResolver(pid, null),
		readProxies(pid),
	]);
	return {host, hostResolver, proxies, veths: await vethsOf({vantage, pid, pids, door}, engine, host.links, async () => host.fdb)};
}

/**
 * Of the engine's namespace only the links and whose they are: all that a list of containers or bridges shows. The bridges' learned
 * addresses are asked for only where the links do not tell.
 */
export async function readHostLinks({vantage, gap, pid, pids, links, door}: Standpoint, engine: Engine): Promise<HostFacts> {
	if (gap) return unreadHost(gap);
	const left = unreadHost({id: 'not-read', why: 'only the links were asked for', tell: ''});
	const host = {...left.host, links: links ?? (await readLinks(vantage.enter))};
	let fdb: Promise<Group<FdbEntry[]>> | undefined;
	const readOnce = () => {
		fdb ??= readFdb(vantage.enter);
		return fdb;
	};
	return {...left, host, veths: await vethsOf({vantage, pid, pids, door}, engine, host.links, readOnce)};
}

function vethsOf(
	{vantage, pid, pids, door}: Pick<Standpoint, 'vantage' | 'pid' | 'pids' | 'door'>,
	engine: Pick<Engine, 'containers'>,
	links: Group<Link[]>,
	fdb: () => Promise<Group<FdbEntry[]>>,
): Promise<Group<VethPair[]>> {
	return readVeths(here(engine.containers, pids), {pid: pid ?? 'self', asRoot: vantage.kind === 'root', door}, links, fdb);
}

/** The listening and bound sockets of the engine's namespace; as root with their owners. */
export async function readHostSockets({vantage, gap, door}: Standpoint): Promise<Group<Socket[]>> {
	if (gap) return {read: false, gap};
	return readSockets(vantage.enter, vantage.kind === 'root' ? readSocketOwners(door) : null);
}

/** Those with a process here; of several in one network namespace the one that it belongs to, as long as that runs. */
function here(containers: Container[], pids: Record<string, number>): {container: Container; pid: number}[] {
	return containers.flatMap(container => {
		const pid = pids[container.id];
		const owner = /^container:(.+)$/.exec(container.networkMode)?.[1];
		const isGuest = owner !== undefined && pids[owner] !== undefined;
		return pid === undefined || isGuest ? [] : [{container, pid}];
	});
}

const notYet = Promise.resolve({
	read: false as const,
	gap: {id: 'not-read' as const, why: 'the sockets of the host were not asked for', tell: 'ss -tulnep'},
});
