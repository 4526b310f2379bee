/**
 * What dockhop looks at in the Engine API's JSON (docs: api.docker.com, versions 1.41 to 1.52). Every field may be missing: engines of
 * other ages and makes leave some out, and nothing is believed before it is looked at.
 */
export interface ApiVersion {
	Version?: string;
	ApiVersion?: string;
	KernelVersion?: string;
	Components?: {Name?: string}[] | null;
}

export interface ApiInfo {
	Name?: string;
	OperatingSystem?: string;
	KernelVersion?: string;
	ServerVersion?: string;
	SecurityOptions?: string[] | null;
	FirewallBackend?: {Driver?: string} | null;
}

export interface ApiNetwork {
	Id?: string;
	Name?: string;
	Driver?: string;
	Scope?: string;
	Internal?: boolean;
	EnableIPv6?: boolean;
	IPAM?: {Config?: {Subnet?: string; Gateway?: string}[] | null} | null;
	Options?: Record<string, string> | null;
}

export interface ApiEndpoint {
	NetworkID?: string;
	IPAddress?: string;
	IPPrefixLen?: number;
	Gateway?: string;
	GlobalIPv6Address?: string;
	GlobalIPv6PrefixLen?: number;
	IPv6Gateway?: string;
	MacAddress?: string;
	Aliases?: string[] | null;
	DNSNames?: string[] | null;
}

export type ApiPortMap = Record<string, {HostIp?: string; HostPort?: string}[] | null> | null;

/** GET /containers/ID/json */
export interface ApiContainer {
	Id?: string;
	Name?: string;
	State?: {
		Status?: string;
		Pid?: number;
		ExitCode?: number;
		StartedAt?: string;
		FinishedAt?: string;
		Error?: string;
		OOMKilled?: boolean;
		Health?: {Status?: string} | null;
	};
	RestartCount?: number;
	HostsPath?: string;
	ResolvConfPath?: string;
	Config?: {
		Hostname?: string;
		Image?: string;
		Labels?: Record<string, string> | null;
		ExposedPorts?: Record<string, unknown> | null;
		Env?: string[] | null;
	};
	HostConfig?: {
		NetworkMode?: string;
		PortBindings?: ApiPortMap;
		ExtraHosts?: string[] | null;
		Links?: string[] | null;
		Dns?: string[] | null;
	};
	NetworkSettings?: {SandboxKey?: string; Ports?: ApiPortMap; Networks?: Record<string, ApiEndpoint> | null};
}

/** One line of GET /containers/json */
export interface ApiSummary {
	Id?: string;
	Names?: string[] | null;
	Image?: string;
	State?: string;
	/** For people: "Up 2 minutes (unhealthy)". */
	Status?: string;
	Ports?: {IP?: string; PrivatePort?: number; PublicPort?: number; Type?: string}[] | null;
	Labels?: Record<string, string> | null;
	HostConfig?: {NetworkMode?: string};
	NetworkSettings?: {Networks?: Record<string, ApiEndpoint> | null} | null;
}
