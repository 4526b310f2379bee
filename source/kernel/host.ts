import type {Container, Engine, Group, NetnsFacts, ProxyProcess, ResolverFiles, Socket, VethPair} from '../model/index.js';
import {netnsGaps, readNetns} from './netns.js';
import {readProxies} from './proxies.js';
import {readHostResolver, readResolver, resolverGaps} from './resolver-files.js';
import {readSocketOwners} from './socket-owners.js';
import {readSockets} from './sockets.js';
import type {Standpoint} from './vantage.js';
import {readVeths} from './veths.js';

/** What was read of the namespace in which the engine's bridges are. */
export interface HostReading {
	host: NetnsFacts;
	hostResolver: ResolverFiles;
	proxies: Group<ProxyProcess[]>;
	veths: Group<VethPair[]>;
}

/** Everything of the engine's namespace but its sockets, which are read when they are asked for (`readHostSockets`). */
export async function readHost({vantage, gap, pid, pids}: Standpoint, engine: Engine): Promise<HostReading> {
	if (gap) return {host: netnsGaps(gap), hostResolver: resolverGaps(gap), proxies: {read: false, gap}, veths: {read: false, gap}};
	const [host, hostResolver, proxies] = await Promise.all([
		readNetns({enter: vantage.enter, pid: pid ?? 'self'}, notYet),
		pid === null ? readHostResolver() : readResolver(pid, {hosts: null, resolvConf: null}),
		readProxies(pid),
	]);
	const from = {pid: pid ?? ('self' as const), asRoot: vantage.kind === 'root'};
	return {host, hostResolver, proxies, veths: await readVeths(here(engine.containers, pids), from, host.links, host.fdb)};
}

/** The listening and bound sockets of the engine's namespace; as root with their owners. */
export async function readHostSockets({vantage, gap}: Standpoint): Promise<Group<Socket[]>> {
	if (gap) return {read: false, gap};
	return readSockets(vantage.enter, vantage.kind === 'root' ? await readSocketOwners() : null);
}

function here(containers: Container[], pids: Record<string, number>): {container: Container; pid: number}[] {
	return containers.flatMap(container => {
		const pid = pids[container.id];
		return pid === undefined ? [] : [{container, pid}];
	});
}

const notYet = Promise.resolve({
	read: false as const,
	gap: {id: 'not-read' as const, why: 'the sockets of the host were not asked for', tell: 'ss -tulnep'},
});
