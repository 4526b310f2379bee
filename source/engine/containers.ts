import type {Container, ContainerState, Endpoint, Network} from '../model/index.js';
import type {ApiContainer, ApiEndpoint, ApiSummary} from './api.js';
import {httpProxiesFrom} from './http-proxies.js';
import {portFrom, publishedFrom} from './ports.js';
import {addressOrNull, countOrNull, word, wordOrNull, words} from './words.js';

/** One container from GET /containers/ID/json; `networks` lends ids and names where it gives only one of them. */
export function containerFrom(api: ApiContainer, networks: readonly Network[]): Container {
	const {State: state = {}, Config: config = {}, HostConfig: host = {}, NetworkSettings: net = {}} = api;
	const name = word(api.Name).replace(/^\//, '');
	const id = word(api.Id);
	const status = stateFrom(state.Status);
	const health = word(state.Health?.Status);
	const mode = networkMode(word(host.NetworkMode), networks);
	// Podman repeats the endpoints and ports of the container whose network is shared, and the ports of one that has ended.
	const shares = mode.startsWith('container:');
	const pid = countOrNull(state.Pid);
	return {
		id,
		name,
		image: word(config.Image),
		state: status,
		exitCode: ['exited', 'dead', 'restarting'].includes(status) ? (state.ExitCode ?? null) : null,
		health: health === '' || health === 'none' ? null : health,
		startedAt: timeFrom(state.StartedAt),
		endedAt: timeFrom(state.FinishedAt),
		restarts: countOrNull(api.RestartCount) ?? 0,
		startError: word(state.Error),
		outOfMemory: state.OOMKilled === true,
		httpProxies: httpProxiesFrom(config.Env),
		pid,
		hostname: word(config.Hostname),
		networkMode: mode,
		sandboxKey: wordOrNull(net.SandboxKey),
		hostsPath: wordOrNull(api.HostsPath),
		resolvConfPath: wordOrNull(api.ResolvConfPath),
		exposed: exposedFrom(config.ExposedPorts, net.Ports),
		// A port without a host port is not published (gateway mode "routed" lists such).
		published: shares || ended.has(status) ? [] : publishedFrom(net.Ports).filter(port => port.hostPort !== 0),
		requested: publishedFrom(host.PortBindings),
		endpoints: Object.entries(shares ? {} : (net.Networks ?? {})).map(([key, endpoint]) =>
			endpointFrom(key, endpoint, {id, name}, networks),
		),
		extraHosts: words(host.ExtraHosts),
		links: words(host.Links).map(linkFrom),
		dns: words(host.Dns),
		composeProject: wordOrNull(config.Labels?.['com.docker.compose.project']),
		composeService: wordOrNull(config.Labels?.['com.docker.compose.service']),
	};
}

/** What the list alone says of a container, in the shape of an inspection: for one whose inspection fails. */
export function asInspection(summary: ApiSummary): ApiContainer {
	const ports: Record<string, {HostIp?: string; HostPort: string}[]> = {};
	for (const {IP, PrivatePort, PublicPort, Type} of summary.Ports ?? []) {
		const key = `${PrivatePort}/${Type}`;
		ports[key] = [...(ports[key] ?? []), ...(PublicPort ? [{HostIp: IP, HostPort: String(PublicPort)}] : [])];
	}
	return {
		Id: summary.Id,
		Name: summary.Names?.find(name => name.lastIndexOf('/') === 0) ?? summary.Names?.[0],
		State: {Status: summary.State},
		Config: {Image: summary.Image, Labels: summary.Labels},
		HostConfig: {NetworkMode: summary.HostConfig?.NetworkMode},
		NetworkSettings: {Ports: ports, Networks: summary.NetworkSettings?.Networks},
	};
}

/**
 * The containers of which the list says all that lists show, as inspections with the process that the kernel shows. Of one that does not
 * run it lacks the exit code and what was asked for, of one with a health check how that is; without a network of its own that leads
 * out, the ports that it exposes.
 */
export function toldByList(
	summaries: readonly ApiSummary[],
	networks: readonly Network[],
	pids: Readonly<Record<string, number>>,
): Map<string, ApiContainer> {
	const open = new Set(networks.flatMap(({id, driver, internal}) => (driver === 'bridge' && !internal ? [id] : [])));
	const told = summaries.flatMap((summary): [string, ApiContainer][] => {
		const {Id: id = '', State: state, Status: status, NetworkSettings: net} = summary;
		const pid = pids[id];
		const isOpen = Object.values(net?.Networks ?? {}).some(({NetworkID: network = ''}) => open.has(network));
		if (state !== 'running' || pid === undefined || !isOpen || typeof status !== 'string' || /health/.test(status)) return [];
		const api = asInspection(summary);
		return [[id, {...api, State: {...api.State, Pid: pid}}]];
	});
	return new Map(told);
}

/** States in which nothing of a container is reachable. */
const ended: ReadonlySet<ContainerState> = new Set(['created', 'exited', 'dead']);
const states: readonly string[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] satisfies ContainerState[];

/** Podman's further words: "initialized" and "configured" before a start, "stopping" and "stopped" after an end. */
function stateFrom(status: unknown): ContainerState {
	const text = word(status).toLowerCase();
	if (states.includes(text)) return text as ContainerState;
	if (text === 'stopping') return 'running';
	return text === 'initialized' || text === 'configured' ? 'created' : 'exited';
}

/** The zero time of Go stands for "never". */
function timeFrom(value: unknown): string | null {
	const text = word(value);
	return text === '' || text.startsWith('0001-') ? null : text;
}

/** "default" is the default bridge; an id is given as the network's name. */
function networkMode(mode: string, networks: readonly Network[]): string {
	if (mode === 'default' || mode === '') return 'bridge';
	return networks.find(network => network.id === mode)?.name ?? mode;
}

function exposedFrom(exposed: Record<string, unknown> | null | undefined, ports: Record<string, unknown> | null | undefined) {
	const keys = new Set([...Object.keys(exposed ?? {}), ...Object.keys(ports ?? {})]);
	return [...keys].flatMap(key => portFrom(key) ?? []).sort((a, b) => a.port - b.port || a.proto.localeCompare(b.proto));
}

function endpointFrom(key: string, api: ApiEndpoint, owner: {id: string; name: string}, networks: readonly Network[]): Endpoint {
	const networkName = word(key);
	const network = networkOf(networkName, word(api.NetworkID), networks);
	const address = addressOrNull(api.IPAddress);
	const address6 = addressOrNull(api.GlobalIPv6Address);
	const aliases = words(api.Aliases);
	return {
		networkId: network?.id ?? word(api.NetworkID),
		networkName: network?.name ?? networkName,
		address,
		prefix: address ? countOrNull(api.IPPrefixLen) : null,
		gateway: addressOrNull(api.Gateway),
		address6,
		prefix6: address6 ? countOrNull(api.GlobalIPv6PrefixLen) : null,
		gateway6: addressOrNull(api.IPv6Gateway),
		mac: wordOrNull(api.MacAddress),
		aliases,
		dnsNames: Array.isArray(api.DNSNames) ? words(api.DNSNames) : namesBefore144(networkName, aliases, owner),
	};
}

/** By id, else by name: a container that never ran has no id there, and Podman writes the name, and lists its "podman" as "bridge". */
function networkOf(name: string, id: string, networks: readonly Network[]): Network | undefined {
	return (
		networks.find(network => network.id === id) ??
		networks.find(network => network.name === name) ??
		(id === 'podman' ? networks.find(network => network.name === 'bridge') : undefined)
	);
}

/**
 * Engines before API 1.44 give no DNSNames. On networks that users made the embedded DNS answers for the name, the aliases and the
 * short id; the engine has put the short id and the hostname among the aliases (moby 20.10, updateNetworkConfig). On bridge, host
 * and none, and on Podman's default network, it answers for nothing.
 */
function namesBefore144(networkName: string, aliases: string[], {id, name}: {id: string; name: string}): string[] {
	if (['bridge', 'host', 'none', 'podman'].includes(networkName)) return [];
	return [...new Set([name, ...aliases, id.slice(0, 12)])].filter(text => text !== '');
}

/** "/plain:/linked/pl" is the container plain under the name pl. */
function linkFrom(link: string): string {
	const [container = '', alias = ''] = link.split(':');
	return `${container.replace(/^\//, '')}:${alias.split('/').at(-1)}`;
}
