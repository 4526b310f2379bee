import type {
	Container,
	ContainerFacts,
	DnsAnswer,
	Endpoint,
	Engine,
	HttpProxies,
	MeshPort,
	Network,
	PublishedPort,
	ResolverFiles,
	Snapshot,
	Vantage,
} from '../model/index.js';
import {group, process, proto} from './group-shape.js';
import {netns, proxy, vethPair} from './netns-shape.js';
import {flag, list, map, number, object, oneOf, optional, orNull, text} from './shape.js';
import {trace} from './trace-shape.js';

const published = object<PublishedPort>({hostAddress: text, hostPort: number, port: number, proto});

const endpoint = object<Endpoint>({
	networkId: text,
	networkName: text,
	address: orNull(text),
	prefix: orNull(number),
	gateway: orNull(text),
	address6: orNull(text),
	prefix6: orNull(number),
	gateway6: orNull(text),
	mac: orNull(text),
	aliases: list(text),
	dnsNames: list(text),
});

const hostPort = object<{host: string; port: number}>({host: text, port: number});

const container = object<Container>({
	id: text,
	name: text,
	image: text,
	state: oneOf('created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'),
	exitCode: orNull(number),
	health: orNull(text),
	startedAt: orNull(text),
	endedAt: optional(orNull(text)),
	restarts: optional(number),
	startError: optional(text),
	outOfMemory: optional(flag),
	httpProxies: optional(object<HttpProxies>({http: orNull(hostPort), https: orNull(hostPort), except: list(text)})),
	pid: orNull(number),
	hostname: text,
	networkMode: text,
	sandboxKey: orNull(text),
	hostsPath: orNull(text),
	resolvConfPath: orNull(text),
	exposed: list(object<Container['exposed'][number]>({port: number, proto})),
	published: list(published),
	requested: list(published),
	endpoints: list(endpoint),
	extraHosts: list(text),
	links: list(text),
	dns: list(text),
	composeProject: orNull(text),
	composeService: orNull(text),
});

const network = object<Network>({
	id: text,
	name: text,
	driver: text,
	scope: text,
	internal: flag,
	ipv6: flag,
	subnets: list(object<Network['subnets'][number]>({subnet: text, gateway: orNull(text)})),
	bridge: orNull(text),
	options: map(text),
});

const meshPort = object<MeshPort>({service: text, port: number, proto, running: orNull(number), desired: orNull(number)});

const engine = object<Engine>({
	url: text,
	chosenBy: text,
	version: text,
	apiVersion: text,
	flavour: oneOf('docker', 'rootless', 'desktop', 'podman'),
	operatingSystem: text,
	kernelVersion: text,
	hostName: text,
	firewallBackend: orNull(text),
	networks: list(network),
	containers: list(container),
	mesh: optional(list(meshPort)),
});

const resolver = object<ResolverFiles>({hosts: group(text), resolvConf: group(text), nsswitch: group(text)});

/** A recording of version 1, field by field. */
export const snapshotShape = object<Snapshot>({
	schema: oneOf('dockhop.snapshot/1'),
	takenAt: text,
	hostName: text,
	vantage: object<Vantage>({kind: oneOf('root', 'user', 'none'), words: text, enter: list(text)}),
	engine: group(engine),
	host: netns,
	hostResolver: resolver,
	proxies: group(list(proxy)),
	veths: group(list(vethPair)),
	containers: map(object<ContainerFacts>({netns, resolver, main: group(process)})),
	traces: optional(list(trace)),
	answers: list(object<DnsAnswer>({from: orNull(text), name: text, server: text, addresses: list(text), error: orNull(text)})),
});
