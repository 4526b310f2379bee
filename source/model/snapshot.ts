import type {Engine} from './engine.js';
import type {Group} from './evidence.js';
import type {NetnsFacts, Process, ProxyProcess, VethPair} from './kernel.js';
import type {Trace} from './trace.js';

/** How the kernel in which the engine's bridges are is read. */
export interface Vantage {
	/** root: everything; user: what an unprivileged process may; none: not at all (remote, other namespace). */
	kind: 'root' | 'user' | 'none';
	/** For the header: "as root: reads links, routes, rules, sockets". */
	words: string;
	/** Arguments in front of every reader, e.g. ["nsenter","--net=/proc/12/ns/net"]; empty for this namespace. */
	enter: string[];
}

/** Where a container's resolver looks, as its own files say. */
export interface ResolverFiles {
	hosts: Group<string>;
	resolvConf: Group<string>;
	nsswitch: Group<string>;
}

/** What was read inside one container's namespaces (only of containers on a path at hand; all of them for record). */
export interface ContainerFacts {
	netns: NetnsFacts;
	resolver: ResolverFiles;
	/** The container's main process. */
	main: Group<Process>;
}

/** An answer that a server gave to a name, asked from the origin. */
export interface DnsAnswer {
	/** Container id, or null for the host. */
	from: string | null;
	name: string;
	server: string;
	addresses: string[];
	/** NXDOMAIN, SERVFAIL, timeout, …; null where addresses were given (also none of them: NODATA). */
	error: string | null;
}

/** Everything read at one instant, plain JSON. A recording is a snapshot in a file. */
export interface Snapshot {
	schema: 'dockhop.snapshot/1';
	/** ISO time. */
	takenAt: string;
	hostName: string;
	vantage: Vantage;
	engine: Group<Engine>;
	/** The namespace in which the engine's bridges are. */
	host: NetnsFacts;
	hostResolver: ResolverFiles;
	proxies: Group<ProxyProcess[]>;
	veths: Group<VethPair[]>;
	/** By container id. */
	containers: Record<string, ContainerFacts>;
	answers: DnsAnswer[];
	/** Of a recording: the traces that were made for it. Absent: none. */
	traces?: Trace[];
}

/** The kernel's part of a snapshot: what was read of the namespace in which the engine's bridges are, beside the engine. */
export type HostFacts = Pick<Snapshot, 'host' | 'hostResolver' | 'proxies' | 'veths'>;

/** What a path needs that the snapshot at hand does not hold yet. */
export interface Needs {
	/** Containers whose namespaces are to be read. */
	containers: string[];
	/** Names to be asked of their servers, from a container (id) or the host (null). */
	names: {from: DnsAnswer['from']; name: string}[];
	/** Listening sockets (with owners) of the host. */
	hostSockets: boolean;
}
