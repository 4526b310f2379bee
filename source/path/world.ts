import {canonical} from '../address/ip.js';
import {
	type Container,
	type ContainerFacts,
	type Engine,
	type Gap,
	type Link,
	type NetnsFacts,
	type Network,
	type PublishedPort,
	type Snapshot,
	unreadContainer,
	type VethPair,
} from '../model/index.js';
import {lookup} from '../snapshot/lookup.js';
import {linkNamed, valueOr} from '../snapshot/netns.js';

/** One network namespace on the way: the host's, or that of a container (and of all that share it). */
export interface Site {
	/** "host", or the id of the container that owns the namespace. */
	key: string;
	/** What hops call it: null for the host. */
	of: string | null;
	container: Container | null;
	facts: NetnsFacts;
	/** Its own container's namespace should have been read, and was not. */
	isMissing: boolean;
}

/** A snapshot as the walk asks it. */
export interface World {
	snapshot: Snapshot;
	networks: Network[];
	containers: Container[];
	host: Site;
	/** The namespace of a container: its own, the host's (--network host), or that of the container that it joins. */
	siteOf(container: Container): Site;
	/** Containers whose namespaces were asked for and not read, so that the session can read them. */
	missing: Set<string>;
}

export function worldOf(snapshot: Snapshot): World {
	const engine: Engine | null = snapshot.engine.read ? snapshot.engine.value : null;
	const containers = engine?.containers ?? [];
	const sites = sitesOf(snapshot);
	const missing = new Set<string>();
	const siteOf = (container: Container): Site => {
		const owner = namespaceOwner(containers, container);
		if (owner === 'host') return sites.host;
		const known = sites.byId.get(owner.id) ?? containerSite(snapshot, owner);
		sites.byId.set(owner.id, known);
		if (known.isMissing) missing.add(owner.id);
		return known;
	};
	return {snapshot, networks: engine?.networks ?? [], containers, host: sites.host, siteOf, missing};
}

interface Sites {
	host: Site;
	byId: Map<string, Site>;
}

/** All walks on one snapshot cross the same namespaces. */
function sitesOf(snapshot: Snapshot): Sites {
	const known = sitesBySnapshot.get(snapshot);
	if (known) return known;
	const host: Site = {key: 'host', of: null, container: null, facts: snapshot.host, isMissing: false};
	const sites = {host, byId: new Map()};
	sitesBySnapshot.set(snapshot, sites);
	return sites;
}

const sitesBySnapshot = new WeakMap<Snapshot, Sites>();

function containerSite(snapshot: Snapshot, owner: Container): Site {
	const facts = snapshot.containers[owner.id]?.netns;
	const {id: key, name: of} = owner;
	return {key, of, container: owner, facts: facts ?? unreadContainer(notRead(owner)).netns, isMissing: !facts && owner.pid !== null};
}

/** The container whose namespace this one uses: itself, or the end of a chain of --network container:ID; "host" for --network host. */
export function namespaceOwner(containers: Container[], container: Container): Container | 'host' {
	let owner = container;
	for (let depth = 0; depth < 8; depth++) {
		if (owner.networkMode === 'host') return 'host';
		if (!owner.networkMode.startsWith('container:')) return owner;
		const id = /^container:(.+)$/.exec(owner.networkMode)?.[1];
		const next = id === undefined ? undefined : containers.find(one => one.id === id || one.name === id);
		if (!next) return owner;
		owner = next;
	}
	return owner;
}

export function factsOf(world: World, container: Container): ContainerFacts | null {
	return world.snapshot.containers[container.id] ?? null;
}

/** Links of the host that belong to a container, with the interface that each ends in. */
export function vethsOf(world: World, site: Site): {interface: string; link: string}[] {
	const known = vethsBySite.get(site);
	if (known) return known;
	const links = valueOr(world.host.facts.links, []);
	const veths = pairsByContainer(valueOr(world.snapshot.veths, []), site.key).flatMap(pair =>
		linksByIndex(links, `${pair.hostIndex}`)
			.slice(0, 1)
			.map(link => ({interface: pair.interface, link: link.name})),
	);
	vethsBySite.set(site, veths);
	return veths;
}

const vethsBySite = new WeakMap<Site, {interface: string; link: string}[]>();

/** The container that a link of the host leads into; null where it leads nowhere that is known. */
export function behindLink(world: World, linkName: string): {site: Site; interface: string} | null {
	const link = linkNamed(world.host.facts, linkName);
	const pair = link && pairOf(world, link);
	const container = pair && containerWithId(world, pair.containerId);
	return pair && container ? {site: world.siteOf(container), interface: pair.interface} : null;
}

/** What a link of the host is the other end of; null where that is not known. */
export function pairOf(world: World, link: Link): VethPair | null {
	return pairsByIndex(valueOr(world.snapshot.veths, []), `${link.index}`)[0] ?? null;
}

export function containerWithId(world: World, id: string): Container | null {
	return containersById(world.containers, id)[0] ?? null;
}

/** Containers to which the engine gave this address. */
export function containersAt(world: World, address: string): readonly Container[] {
	return containersByAddress(world.containers, canonical(address));
}

/** Containers with a port published (or, requested: to be published) as this one of the host. */
export function containersPublishing(world: World, port: number, proto: string): readonly Container[] {
	return containersByPort(world.containers, `${port} ${proto}`);
}

export function isRunning(container: Container): boolean {
	return container.state === 'running' || container.state === 'paused';
}

function notRead(container: Container): Gap {
	if (isRunning(container)) return {id: 'not-read', why: `the namespace of ${container.name} was not read`, tell: 'sudo dockhop'};
	return {id: 'not-read', why: `${container.name} is not running: it has no namespace`, tell: `docker start ${container.name}`};
}

const linksByIndex = lookup((link: Link) => [`${link.index}`]);
const pairsByContainer = lookup((pair: VethPair) => [pair.containerId]);
const pairsByIndex = lookup((pair: VethPair) => [`${pair.hostIndex}`]);
const containersById = lookup((one: Container) => [one.id]);
const containersByAddress = lookup((one: Container) =>
	one.endpoints.flatMap(end => [end.address, end.address6].filter(address => address !== null).map(canonical)),
);
const containersByPort = lookup((one: Container) =>
	[...one.published, ...one.requested].map(({hostPort, proto}: PublishedPort) => `${hostPort} ${proto}`),
);
