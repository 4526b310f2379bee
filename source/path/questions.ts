import {canonical, familyOf, isLoopback, isUnspecified} from '../address/ip.js';
import type {Container, FlowEnd, FlowRequest, Path, Proto, Target} from '../model/index.js';
import {ownerOf} from '../snapshot/netns.js';
import type {Usage} from './explanation.js';
import {findContainer} from './find-container.js';
import {addressFor} from './inferred.js';
import {destinationOrder} from './names/destination-order.js';
import {type Resolution, resolve} from './names/resolve.js';
import {hostSide, lanSide, nicAddress, publishedAs, soloPort} from './published.js';
import type {Question} from './request.js';
import {lanStart, noLan, type Start} from './start.js';
import type {Goal} from './walker.js';
import {containersAt, containersPublishing, isRunning, namespaceOwner, type Site, type World} from './world.js';

/** One way to ask what was requested: several where it is published several times, or a name has several addresses. */
export interface Asked {
	question: Question;
	goal: Goal;
	from: FlowEnd;
	to: Path['to'];
	/** How the origin writes the host: a name or an address. */
	host: string;
}

/** The questions that a request stands for, in the order in which a client would try them. */
export function questionsOf(world: World, request: FlowRequest): Asked[] | Usage {
	const {target, origin} = request;
	const named = origin.kind === 'container' ? findContainer(world.containers, origin.name) : null;
	if (named && 'usage' in named) return named;
	if (named && !isRunning(named))
		return {usage: `origin '${named.name}' is ${named.state}: a request can start in a running container only; docker start ${named.name}`};
	const site = named ? world.siteOf(named) : world.host;
	const startFor = (family: 4 | 6, dst: string | null = null): Start | null => {
		if (origin.kind === 'lan') return lanStart(world, origin, family, dst);
		if (named) return {kind: 'container', site, name: named.name};
		return {kind: 'host', site, address: origin.kind === 'host' ? origin.address : null};
	};
	if (
		origin.kind === 'host' &&
		origin.address !== null &&
		world.host.facts.addresses.read &&
		!ownerOf(world.host.facts, origin.address) &&
		!isLoopback(origin.address)
	) {
		return {usage: `origin 'host:${origin.address}': the host has no such address; ip addr lists them`};
	}
	const spots = spotsOf(world, request, site, named, startFor);
	if ('usage' in spots) return spots;
	const bound = origin.kind !== 'container' && origin.address !== null ? familyOf(origin.address) : null;
	const family = request.family ?? bound;
	const matching = spots.list.filter(spot => spot.dst === null || family === null || familyOf(spot.dst) === family);
	// Before the names were read and asked, nobody knows which addresses they have.
	const open = world.missing.size > 0 || spots.list.some(spot => spot.name?.ask);
	const fitting = matching.length === 0 && open ? spots.list : matching;
	if (fitting.length === 0) return {usage: `'${words(target)}' has no IPv${family} address to ask from there`};
	const asked = fitting.flatMap((spot): Asked[] => {
		const start = startFor(spot.dst === null ? 4 : familyOf(spot.dst), spot.dst);
		if (!start) return [];
		const {port} = spot;
		const from = {kind: origin.kind, name: named?.name ?? origin.kind, address: start.kind === 'container' ? null : start.address} as const;
		const address = spots.container ? (spot.own ?? ownAddress(spots.container, spot.dst)) : spot.dst;
		const goal = {container: spots.container, address, port: spots.containerPort ?? port, proto: spots.proto};
		const to = {
			...spots.to,
			address: address ?? spot.dst,
			port: goal.port,
			proto: spots.proto,
			url: target.kind === 'url' ? target.url : null,
		};
		return [{question: {start, dst: spot.dst, port, proto: spots.proto, name: spot.name}, goal, from, to, host: spot.host}];
	});
	return asked.length > 0 || origin.kind !== 'lan' ? asked : noLan(world);
}

interface Spot {
	dst: string | null;
	port: number;
	name: Resolution | null;
	host: string;
	own?: string | null;
}

interface Spots {
	list: Spot[];
	to: FlowEnd;
	proto: Proto;
	container: Container | null;
	containerPort: number | null;
}

type StartFor = (family: 4 | 6) => Start | null;

function spotsOf(world: World, request: FlowRequest, site: Site, asker: Container | null, startFor: StartFor): Spots | Usage {
	const {target, origin} = request;
	if (target.kind === 'container') return containerSpots(world, request, target, site, asker, startFor);
	const proto = target.kind === 'url' ? 'tcp' : target.proto;
	const host =
		target.kind === 'port'
			? portHost(world, origin.kind, startFor, request.family)
			: target.kind === 'address'
				? target.address
				: target.host;
	if (typeof host !== 'string') return host;
	// An unspecified destination is this host's own loopback (ip_route_output_key, ip6_dst_lookup).
	const literal = isUnspecified(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : canonical(host);
	if (origin.kind === 'lan' && isLoopback(literal))
		return {usage: `target '${words(target)}': from lan, ${host} is the client's own; ask for an address of this host`};
	const isAddress = literal.includes(':') || /^\d+(\.\d+){3}$/.test(literal);
	const name = isAddress ? null : origin.kind === 'lan' ? asClient(resolve(world, site, host)) : resolve(world, site, host);
	const addresses = name ? destinationOrder(site.facts, name.addresses) : [literal];
	const list: Spot[] = addresses.map(dst => ({
		dst,
		port: target.port,
		name: name && {...name, addresses: [dst, ...addresses.filter(one => one !== dst)]},
		host,
	}));
	const meant = name && addresses.length === 0 ? meantBy(world, host) : null;
	if (name && addresses.length === 0) list.push({dst: meant?.dst ?? null, port: target.port, name, host});
	const found = list[0]?.dst ? targetOf(world, list[0].dst, target.port, proto) : null;
	const container = meant?.container ?? found?.container ?? null;
	const to: FlowEnd = {
		kind: container ? 'container' : name ? 'name' : 'address',
		name: container?.name ?? host,
		address: list[0]?.dst ?? null,
	};
	return {list, to, proto, container, containerPort: found?.port ?? null};
}

function containerSpots(
	world: World,
	request: FlowRequest,
	target: Target & {kind: 'container'},
	site: Site,
	asker: Container | null,
	startFor: StartFor,
): Spots | Usage {
	const container = findContainer(world.containers, target.name);
	if ('usage' in container) return {usage: `target '${words(target)}': ${container.usage}`};
	const port = target.port ?? soloPort(container, target.proto);
	if (typeof port !== 'number') return {usage: `target '${words(target)}': ${port.usage}`};
	const to: FlowEnd = {kind: 'container', name: container.name, address: null};
	const common = {to, proto: target.proto, container, containerPort: port};
	if (asker) return {...common, list: byName(world, container, port, site)};
	const published = publishedAs(container, port, target.proto);
	const owner = namespaceOwner(world.containers, container);
	if (owner === 'host') return {...common, list: hostNetworkSpots(world, request, port, startFor)};
	const lan = request.origin.kind === 'lan' ? (startFor(4) ?? startFor(6)) : null;
	if (request.origin.kind === 'lan' && !lan) return noLan(world);
	// What shares another container's namespace is published by that one.
	const bindings = published.length > 0 || owner === container ? published : publishedAs(owner, port, target.proto);
	const spots = bindings.flatMap(one => {
		const dst = lan?.kind === 'lan' ? lanSide(world, one, lan.nic) : hostSide(one);
		return dst === null
			? []
			: [{dst, port: one.hostPort, name: null, host: dst, own: addressFor(owner, familyOf(one.hostAddress)) ?? addressFor(owner, 4)}];
	});
	const distinct = spots.filter((spot, index) => spots.findIndex(other => other.dst === spot.dst && other.port === spot.port) === index);
	if (distinct.length > 0) return {...common, list: distinct};
	const own = [addressFor(owner, 4), addressFor(owner, 6)].filter(address => address !== null);
	return {
		...common,
		list: own.length > 0 ? own.map(dst => ({dst, port, name: null, host: dst})) : [{dst: null, port, name: null, host: container.name}],
	};
}

/** From a container: by the target's name as that container resolves it; where the name fails, at its address all the same. */
function byName(world: World, container: Container, port: number, site: Site): Spot[] {
	const name = resolve(world, site, container.name);
	const found = destinationOrder(site.facts, name.addresses);
	if (found.length > 0)
		return found.map(dst => ({dst, port, name: {...name, addresses: [dst, ...found.filter(one => one !== dst)]}, host: container.name}));
	const owner = namespaceOwner(world.containers, container);
	const gateway = site.container?.endpoints.find(end => end.gateway)?.gateway ?? null;
	const own = owner === 'host' ? [gateway] : [addressFor(owner, 4), addressFor(owner, 6)];
	const known = own.filter(address => address !== null);
	return (known.length > 0 ? known : [null]).map(dst => ({dst, port, name, host: container.name}));
}

/** A container on the host's network has the host's addresses. */
function hostNetworkSpots(world: World, request: FlowRequest, port: number, startFor: StartFor): Spot[] {
	if (request.origin.kind !== 'lan') return ['127.0.0.1', '::1'].map(dst => ({dst, port, name: null, host: dst}));
	return ([4, 6] as const).flatMap(family => {
		const start = startFor(family);
		const dst = start?.kind === 'lan' ? nicAddress(world, start.nic, family) : null;
		return dst === null ? [] : [{dst, port, name: null, host: dst}];
	});
}

function portHost(world: World, origin: 'host' | 'lan' | 'container', startFor: StartFor, family: 4 | 6 | null): string | Usage {
	if (origin === 'host') return family === 6 ? '::1' : '127.0.0.1';
	if (origin === 'container') return 'host.docker.internal';
	const start = startFor(4) ?? startFor(6);
	if (start?.kind !== 'lan') return noLan(world);
	const [first, second] = family === 6 ? ([6, 4] as const) : ([4, 6] as const);
	return nicAddress(world, start.nic, first) ?? nicAddress(world, start.nic, second) ?? noLan(world);
}

/** A client on the LAN has a resolver of its own: this host's answer only stands for it. */
function asClient(name: Resolution): Resolution {
	const why = `what ${name.name} is to the client, its own resolver says; here it is ${name.addresses.join(', ') || 'not known'}`;
	return {...name, ask: false, says: why, gap: {id: 'out-of-sight', why, tell: `on the client: getent ahosts ${name.name}`}};
}

/** The container that an address and port lead to: its own address, or a published port of the host. */
function targetOf(world: World, address: string, port: number, proto: Proto): {container: Container; port: number} | null {
	const wanted = canonical(address);
	const own = containersAt(world, wanted).find(isRunning);
	if (own) return {container: own, port};
	if (!isLoopback(wanted) && !ownerOf(world.host.facts, wanted)) return null;
	for (const container of containersPublishing(world, port, proto)) {
		const published = [...container.published, ...(isRunning(container) ? [] : container.requested)].find(
			one => one.hostPort === port && one.proto === proto,
		);
		if (published) return {container, port: published.port};
	}
	return null;
}

/** Where a name that does not resolve was meant to lead: the container of that name, or the host. */
function meantBy(world: World, host: string): {dst: string | null; container: Container | null} | null {
	if (host === 'host.docker.internal') {
		const gateway = world.networks.find(one => one.name === 'bridge')?.subnets.find(one => !one.subnet.includes(':'))?.gateway ?? null;
		return {dst: gateway, container: null};
	}
	const container = findContainer(world.containers, host);
	return 'usage' in container ? null : {dst: addressFor(container, 4) ?? addressFor(container, 6), container};
}

function ownAddress(container: Container, dst: string | null): string | null {
	const family = dst === null ? 4 : familyOf(dst);
	return addressFor(container, family) ?? addressFor(container, family === 4 ? 6 : 4);
}

function words(target: Target): string {
	if (target.kind === 'url') return target.url;
	const host =
		target.kind === 'container'
			? target.name
			: target.kind === 'address'
				? target.address.includes(':')
					? `[${target.address}]`
					: target.address
				: '';
	const proto = target.proto === 'tcp' ? '' : `/${target.proto}`;
	return `${host}${target.port === null ? '' : `:${target.port}`}${proto}`;
}
