/** What answers the Docker Engine API, as its own words say. */
export type EngineFlavour = 'docker' | 'rootless' | 'desktop' | 'podman';

/** The engine's inventory at one instant. Every string is already free of control characters. */
export interface Engine {
	/** e.g. unix:///var/run/docker.sock */
	url: string;
	/** What chose that URL: "--host", "DOCKER_HOST", "context NAME", "default socket". */
	chosenBy: string;
	version: string;
	apiVersion: string;
	flavour: EngineFlavour;
	operatingSystem: string;
	kernelVersion: string;
	hostName: string;
	/** "iptables", "nftables", … as /info says since API 1.49; null before. */
	firewallBackend: string | null;
	networks: Network[];
	containers: Container[];
	/** What the Swarm's routing mesh publishes; absent where the engine is no manager of a Swarm. */
	mesh?: MeshPort[];
}

/** A port that a service of the Swarm publishes on every node (mode ingress). */
export interface MeshPort {
	service: string;
	port: number;
	proto: Proto;
	/** Tasks that run and that should run, on all nodes; null where the engine does not count them. */
	running: number | null;
	desired: number | null;
}

export interface Subnet {
	/** CIDR, e.g. 172.17.0.0/16 */
	subnet: string;
	gateway: string | null;
}

export interface Network {
	id: string;
	name: string;
	/** bridge, host, null, macvlan, ipvlan, overlay or a plugin's name. */
	driver: string;
	scope: string;
	internal: boolean;
	ipv6: boolean;
	subnets: Subnet[];
	/** Name of its Linux bridge in the engine's namespace: option com.docker.network.bridge.name, docker0, or br-<12>. */
	bridge: string | null;
	options: Record<string, string>;
}

export interface PublishedPort {
	/** "0.0.0.0", "::", "127.0.0.1", … */
	hostAddress: string;
	hostPort: number;
	port: number;
	proto: Proto;
}

export type Proto = 'tcp' | 'udp' | 'sctp';

export interface Endpoint {
	networkId: string;
	networkName: string;
	address: string | null;
	prefix: number | null;
	gateway: string | null;
	address6: string | null;
	prefix6: number | null;
	gateway6: string | null;
	mac: string | null;
	aliases: string[];
	/** Names the embedded DNS answers for (API 1.44); on older engines derived from name, short id and aliases. */
	dnsNames: string[];
}

/** What HTTP_PROXY, HTTPS_PROXY and NO_PROXY (also in small letters) say; null: not set. */
export interface HttpProxies {
	http: {host: string; port: number} | null;
	https: {host: string; port: number} | null;
	/** Names, suffixes, addresses and ranges that are asked without a proxy. */
	except: string[];
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export interface Container {
	id: string;
	/** Without the leading slash. */
	name: string;
	image: string;
	state: ContainerState;
	exitCode: number | null;
	/** healthy, unhealthy, starting; null without a health check. */
	health: string | null;
	/** ISO time; null where it never ran. */
	startedAt: string | null;
	/** ISO time at which its process last ended; null where it never did. Absent in recordings of earlier days, as the next four. */
	endedAt?: string | null;
	/** How often its restart policy has started it anew since a person did. */
	restarts?: number;
	/** Why the engine could not start it, in the engine's own words; empty where it could. */
	startError?: string;
	/** Its last end was the kernel's: its memory limit was reached. */
	outOfMemory?: boolean;
	/** HTTP proxies that its environment names: host and port alone, never the user or the password. */
	httpProxies?: HttpProxies;
	/** In the engine's own pid namespace; null where not running. */
	pid: number | null;
	hostname: string;
	/** bridge, host, none, container:ID, or a network's name, as HostConfig says. */
	networkMode: string;
	sandboxKey: string | null;
	hostsPath: string | null;
	resolvConfPath: string | null;
	exposed: {port: number; proto: Proto}[];
	/** What is bound now (NetworkSettings.Ports). */
	published: PublishedPort[];
	/** What was asked for (HostConfig.PortBindings); hostPort 0 = any. */
	requested: PublishedPort[];
	endpoints: Endpoint[];
	/** HostConfig.ExtraHosts, "name:address". */
	extraHosts: string[];
	/** HostConfig.Links, "container:alias" without leading slashes. */
	links: string[];
	/** HostConfig.Dns. */
	dns: string[];
	composeProject: string | null;
	composeService: string | null;
}
