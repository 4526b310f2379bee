import type {Container, ContainerFacts, Engine, Gap, NetnsFacts, Network, Snapshot} from '../model/index.js';
import {valueOr} from '../snapshot/netns.js';
import {unreadContainer} from '../snapshot/unread.js';

/** One network namespace on the way: the host's, or that of a container (and of all that share it). */
export interface Site {
	/** "host", or the id of the container that owns the namespace. */
	key: string;
	/** What hops call it: null for the host. */
	of: string | null;
	container: Container | null;
	facts: NetnsFacts;
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
	const host: Site = {key: 'host', of: null, container: null, facts: snapshot.host};
	const sites = new Map<string, Site>();
	const missing = new Set<string>();
	const siteOf = (container: Container): Site => {
		const owner = namespaceOwner(containers, container);
		if (owner === 'host') return host;
		const known = sites.get(owner.id);
		if (known) return known;
		const facts = snapshot.containers[owner.id]?.netns;
		if (!facts && owner.pid !== null) missing.add(owner.id);
		const site = {key: owner.id, of: owner.name, container: owner, facts: facts ?? unreadContainer(notRead(owner)).netns};
		sites.set(owner.id, site);
		return site;
	};
	return {snapshot, networks: engine?.networks ?? [], containers, host, siteOf, missing};
}

/** The container whose namespace this one uses: itself, or the end of a chain of --network container:ID; "host" for --network host. */
export function namespaceOwner(containers: Container[], container: Container): Container | 'host' {
	let owner = container;
	for (let depth = 0; depth < 8; depth++) {
		if (owner.networkMode === 'host') return 'host';
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
	const links = valueOr(world.host.facts.links, []);
	return valueOr(world.snapshot.veths, [])
		.filter(pair => pair.containerId === site.key)
		.flatMap(pair => {
			const link = links.find(one => one.index === pair.hostIndex);
			return link ? [{interface: pair.interface, link: link.name}] : [];
		});
}

/** The container that a link of the host leads into; null where it leads nowhere that is known. */
export function behindLink(world: World, linkName: string): {site: Site; interface: string} | null {
	const link = valueOr(world.host.facts.links, []).find(one => one.name === linkName);
	const pair = link && valueOr(world.snapshot.veths, []).find(one => one.hostIndex === link.index);
	const container = pair && world.containers.find(one => one.id === pair.containerId);
	return pair && container ? {site: world.siteOf(container), interface: pair.interface} : null;
}

export function isRunning(container: Container): boolean {
	return container.state === 'running' || container.state === 'paused';
}

function notRead(container: Container): Gap {
	if (isRunning(container)) return {id: 'not-read', why: `the namespace of ${container.name} was not read`, tell: 'sudo dockhop'};
	return {id: 'not-read', why: `${container.name} is not running: it has no namespace`, tell: `docker start ${container.name}`};
}
