import type {Container, ContainerFacts, DnsAnswer, Engine, Group, HostFacts, Link, Socket, Vantage} from '../model/index.js';
import {askName} from './ask-name.js';
import {readContainer} from './container.js';
import {readHost, readHostLinks, readHostSockets} from './host.js';
import {netnsAt} from './identity.js';
import {readLinks} from './links.js';
import {findVantage, type Means} from './vantage.js';

export {readHere} from './here.js';
export {pidsByCgroup} from './local-pids.js';

/** The kernel's readers from one vantage. None rejects: what cannot be read is a gap. */
export interface KernelReaders {
	vantage: Vantage;
	/** The engine's namespace, without its sockets. */
	readHost(engine: Engine): Promise<HostFacts>;
	/** Its links alone. */
	readHostLinks(engine: Engine): Promise<HostFacts>;
	readHostSockets(): Promise<Group<Socket[]>>;
	readContainer(container: Container): Promise<ContainerFacts>;
	/** Asks the servers for a name, from inside a container or from the host (null). */
	askName(from: Container | null, name: string, servers: readonly string[]): Promise<DnsAnswer[]>;
}

/**
 * Finds where the engine's bridges are, and gives the readers of that kernel. Found anew with every inventory: processes come and go.
 * Rejects only where a helper container is wanted and cannot be had.
 */
export async function openKernel(engine: Engine, means: Means): Promise<KernelReaders> {
	const standpoint = await findVantage(engine, means);
	const {vantage, gap, pids, door} = standpoint;
	return {
		vantage,
		readHost: engine => readHost(standpoint, engine),
		readHostLinks: engine => readHostLinks(standpoint, engine),
		readHostSockets: () => readHostSockets(standpoint),
		readContainer: container => readContainer(standpoint, container),
		async askName(from, name, servers) {
			const pid = from ? pids[from.id] : null;
			if (gap || pid === undefined) {
				const error = `not asked: ${gap?.why ?? 'the process of the container is hidden'}`;
				return servers.map(server => ({from: from?.id ?? null, name, server, addresses: [], error}));
			}
			return askName(pid === null ? vantage.enter : netnsAt(pid, door).enter, {from: from?.id ?? null, name, servers});
		},
	};
}

export {readPrograms} from './programs.js';

/** The links of the network namespace that dockhop runs in. */
export function readOwnLinks(): Promise<Group<Link[]>> {
	return readLinks([]);
}
