import {canonical, hostPort, isLoopback, isUnspecified} from '../address/ip.js';
import type {CauseId, Container, Gap, Process, ProxyProcess, Socket} from '../model/index.js';
import type {WalkPacket} from '../netfilter/types.js';
import {lookup} from '../snapshot/lookup.js';
import {listenerFor, valueOr, waits} from '../snapshot/netns.js';
import {missing, observed, push} from './trail.js';
import type {End, Walk} from './walker.js';
import {containersPublishing, containerWithId, isRunning, namespaceOwner, type Site} from './world.js';

/** What takes the request in the namespace where it arrived. */
export type Landing =
	/** docker-proxy: it opens a connection of its own. */
	| {kind: 'proxy'; address: string; port: number; kernelAnswers: boolean; uid: number | null}
	| {kind: 'process'; anyAddress: boolean; uid: number | null}
	| {kind: 'nobody'};

/** Adds the port hop and what stands behind it: docker-proxy, or the process, or why there is neither. */
export function arrive(walk: Walk, end: End & {at: 'socket'}): Landing {
	const {site, packet} = end;
	const found = listenerFor(site.facts, packet);
	const proxy = site.key === 'host' ? proxyFor(walk, packet, found?.socket ?? null) : null;
	if (proxy) {
		proxyHop(walk, site, packet, proxy, frozenWords(found?.socket.owners?.filter(one => one.pid === proxy.pid) ?? null, null));
		const kernelAnswers = proxy.proto === 'udp' && isUnspecified(proxy.hostAddress) && !keepsAddress(walk);
		return {kind: 'proxy', address: proxy.containerAddress, port: proxy.containerPort, kernelAnswers, uid: found?.socket.uid ?? null};
	}
	const container = whoseNamespace(walk, site, found?.socket ?? null);
	const where = container ? 'container' : 'host';
	const base = {
		kind: 'port',
		where,
		name: `${packet.dport}/${packet.proto}`,
		names: container ? namesOf(container) : [],
		address: found?.socket.address ?? packet.dst,
		port: packet.dport,
		packet,
		command: seeSockets(walk, site),
	} as const;
	const owner = container && site.of === null ? {...site, of: container.name} : site;
	if (!site.facts.sockets.read) {
		const {gap} = site.facts.sockets;
		const down = stoppedGoal(walk, site);
		push(walk.trail, owner, {...base, ...(down ?? {gap}), evidence: [missing(gap)]});
		processHop(walk, owner, packet, null, container, gap);
		return {kind: 'nobody'};
	}
	if (!found) {
		const why = whyNobody(walk, site, packet);
		push(walk.trail, owner, {...base, ...why, evidence: [observed(why.says, 'ss', base.command)]});
		return {kind: 'nobody'};
	}
	const {socket, maybe} = found;
	const trouble = troubleOf(walk, site, socket, packet);
	push(walk.trail, owner, {
		...base,
		...(trouble ?? {}),
		gap: maybe ? {id: 'no-permission', why: `whether [::]:${socket.port} takes IPv4 too could not be read`, tell: 'sudo ss -tlne'} : null,
		says: trouble?.says ?? `${hostPort(socket.address, socket.port)}, ${socket.state === 'listen' ? 'listening' : 'bound'}`,
		evidence: [
			observed(
				`${hostPort(socket.address, socket.port)} is ${socket.state === 'listen' ? 'listening' : 'bound'}, inode ${socket.inode}`,
				'ss',
				base.command,
			),
		],
	});
	processHop(walk, owner, packet, socket, container, null);
	return {kind: 'process', anyAddress: isUnspecified(socket.address), uid: socket.uid};
}

function proxyHop(walk: Walk, site: Site, packet: WalkPacket, proxy: ProxyProcess, frozen: string | null): void {
	const to = hostPort(proxy.containerAddress, proxy.containerPort);
	const command = `ps -fp ${proxy.pid}`;
	push(walk.trail, site, {
		kind: 'proxy',
		name: 'docker-proxy',
		names: [`docker-proxy (${proxy.pid})`],
		address: proxy.hostAddress,
		port: proxy.hostPort,
		packet,
		packetAfter: {...packet, iif: null, src: '', sport: null, dst: proxy.containerAddress, dport: proxy.containerPort},
		cause: frozen ? 'paused' : null,
		says: frozen ?? `takes the connection and opens its own to ${to}`,
		command,
		evidence: [
			observed(`docker-proxy (${proxy.pid}) ${hostPort(proxy.hostAddress, proxy.hostPort)} → ${to}`, '/proc/PID/cmdline', command),
		],
	});
}

function processHop(walk: Walk, site: Site, packet: WalkPacket, socket: Socket | null, container: Container | null, gap: Gap | null): void {
	const owners = socket?.owners ?? null;
	const frozen = frozenWords(owners, container);
	const first = owners?.[0];
	const others = owners && owners.length > 1 ? ` and ${owners.length - 1} more` : '';
	const name = first ? `${first.name} (${first.pid})` : '';
	const unknownFreeze = owners?.some(one => one.frozen === null) && container === null;
	const lacking: Gap | null =
		gap ??
		(owners === null
			? {id: 'no-permission', why: 'which process holds the socket is readable by root only', tell: 'sudo dockhop'}
			: owners.length === 0
				? {id: 'out-of-sight', why: 'no process that dockhop can see holds this socket', tell: 'ss -tlnp'}
				: unknownFreeze
					? {id: 'no-permission', why: `whether ${name} is frozen could not be read`, tell: 'sudo dockhop'}
					: null);
	const another = owners?.length ? answersForAnother(walk, site, owners) : null;
	push(walk.trail, site, {
		kind: 'process',
		where: 'process',
		name,
		names: owners?.map(one => `${one.name} (${one.pid})`) ?? [],
		address: packet.dst,
		port: packet.dport,
		packet,
		cause: frozen ? 'paused' : another ? 'answered-by-another' : null,
		gap: frozen || another ? null : lacking,
		says: frozen ?? another ?? (lacking ? lacking.why : `sees ${packet.src}${others}`),
		command: first ? `ps -fp ${first.pid}` : seeSockets(walk, site),
		evidence: first
			? [observed(`${name}${others} holds the socket, state ${first.state}`, '/proc/PID/fd, /proc/PID/stat', `ps -fp ${first.pid}`)]
			: lacking
				? [missing(lacking)]
				: [],
	});
}

function frozenWords(owners: Process[] | null, container: Container | null): string | null {
	if (container?.state === 'paused') return `${container.name} is paused: its kernel still completes the handshake, nobody answers`;
	if (!owners?.length) return null;
	if (owners.every(one => one.frozen === true))
		return `${owners[0]?.name} is frozen: its kernel still completes the handshake, nobody answers`;
	if (owners.every(one => one.state === 'T' || one.state === 't')) return `${owners[0]?.name} is stopped (state T): nobody answers`;
	return null;
}

/** The request was meant for one container, and the socket belongs to another one or to a process of the host. */
function answersForAnother(walk: Walk, site: Site, owners: Process[]): string | null {
	const goal = walk.goal.container;
	if (!goal) return null;
	const ids = new Set(owners.map(one => one.container));
	if (ids.has(goal.id) || ids.size === 0) return null;
	const goalSite = walk.world.siteOf(goal);
	// Sharing a namespace is as good as being it, except the host's, which everybody shares.
	if (goalSite.key === site.key && site.key !== 'host' && goal.networkMode !== 'host') return null;
	const other = [...ids].flatMap(id => (id === null ? [] : (containerWithId(walk.world, id) ?? [])))[0];
	return `${other ? `container ${other.name}` : `${owners[0]?.name} (${owners[0]?.pid}) on the host`} answers there, not ${goal.name}`;
}

/**
 * Since 28.0 docker-proxy answers a datagram from the address that was asked (IP_PKTINFO, moby pull request 48571); before, a socket bound to
 * any address answers from the one that the route chooses.
 */
function keepsAddress(walk: Walk): boolean {
	const {engine} = walk.world.snapshot;
	return engine.read && Number.parseInt(engine.value.version, 10) >= 28;
}

/** docker-proxy for this port: by the owner of the socket, else (owners not readable) by its own arguments. */
function proxyFor(walk: Walk, packet: WalkPacket, socket: Socket | null): ProxyProcess | null {
	const ofPort = proxiesByPort(valueOr(walk.world.snapshot.proxies, []), `${packet.proto} ${packet.dport}`);
	const matching = ofPort.filter(one => covers(one.hostAddress, packet.dst));
	if (socket?.owners?.length) return matching.find(one => socket.owners?.some(owner => owner.pid === one.pid)) ?? null;
	return matching[0] ?? null;
}

function covers(bound: string, dst: string): boolean {
	if (!isUnspecified(bound)) return canonical(bound) === canonical(dst);
	return bound.includes(':') === dst.includes(':');
}

function troubleOf(walk: Walk, site: Site, socket: Socket, packet: WalkPacket): {cause: CauseId; says: string} | null {
	if (socket.queue && socket.queue.waiting > socket.queue.limit) {
		return {cause: 'backlog-full', says: `its accept queue is full: ${socket.queue.waiting} wait, ${socket.queue.limit} fit`};
	}
	const publisher = containersPublishing(walk.world, packet.dport ?? 0, packet.proto).find(one =>
		one.published.some(port => port.hostPort === packet.dport && port.proto === packet.proto),
	);
	const holder = socket.owners?.[0];
	if (site.key === 'host' && publisher && holder && socket.owners?.every(one => engineDaemons.has(one.name))) {
		return {cause: 'port-held', says: `${holder.name} only keeps the port reserved for ${publisher.name}: nobody answers`};
	}
	return null;
}

function whyNobody(walk: Walk, site: Site, packet: WalkPacket): {cause: CauseId; says: string} {
	const stopped = stoppedGoal(walk, site);
	if (stopped) return stopped;
	const what = `${packet.dport}/${packet.proto}`;
	const goal = walk.goal.container;
	if (site.key === 'host' && goal && namespaceOwner(walk.world.containers, goal) !== 'host') {
		const meant = goal.published.filter(port => port.hostPort === packet.dport && port.proto === packet.proto);
		if (meant.some(port => covers(port.hostAddress, packet.dst))) {
			return {
				cause: 'nothing-listens',
				says: `${goal.name} publishes it here, but nothing holds ${what}: no docker-proxy, and no rule led on`,
			};
		}
		const bound = meant.map(port => hostPort(port.hostAddress, port.hostPort));
		if (bound.length > 0) return {cause: 'published-elsewhere', says: `${goal.name} publishes it on ${bound.join(', ')} only`};
	}
	const same = valueOr(site.facts.sockets, []).filter(socket => socket.port === packet.dport && waits(socket));
	const elsewhere = same.filter(socket => socket.proto === packet.proto);
	const list = [
		...new Set(elsewhere.map(socket => hostPort(socket.address, socket.port) + (socket.device ? ` on ${socket.device}` : ''))),
	].join(', ');
	if (elsewhere.length > 0 && elsewhere.every(socket => isLoopback(socket.address)))
		return {cause: 'listens-on-loopback', says: `listens on ${list} only, not on ${packet.dst}`};
	if (elsewhere.length > 0)
		return {
			cause: 'listens-elsewhere',
			says: `listens on ${list}, not on ${packet.dst}${elsewhere.some(one => one.device) ? ` by ${packet.iif}` : ''}`,
		};
	if (same[0]) return {cause: 'nothing-listens', says: `nothing listens on ${what}; ${same[0].proto} ${same[0].port} does`};
	return {cause: 'nothing-listens', says: `nothing listens on ${what}`};
}

function stoppedGoal(walk: Walk, site: Site): {cause: CauseId; says: string} | null {
	const goal = walk.goal.container;
	if (!goal || isRunning(goal)) return null;
	if (site.key !== 'host' && site.key !== goal.id) return null;
	const how = goal.state === 'exited' ? `exited (${goal.exitCode ?? '?'})` : goal.state;
	return {cause: 'not-running', says: `${goal.name} is ${how}: it has no process and no open port`};
}

/** The container that a namespace belongs to: for the host's, the one in whose cgroup the socket's owner is, else the one meant. */
function whoseNamespace(walk: Walk, site: Site, socket: Socket | null): Container | null {
	if (site.container)
		return walk.goal.container && walk.world.siteOf(walk.goal.container).key === site.key ? walk.goal.container : site.container;
	const id = socket?.owners?.find(one => one.container !== null)?.container;
	const byOwner = id ? containerWithId(walk.world, id) : null;
	if (byOwner) return byOwner;
	const goal = walk.goal.container;
	return goal && namespaceOwner(walk.world.containers, goal) === 'host' ? goal : null;
}

function namesOf(container: Container): string[] {
	const aliases = container.endpoints.flatMap(end => end.dnsNames);
	return [...new Set(['127.0.0.1', container.hostname, container.name, ...aliases])].filter(name => name !== '');
}

function seeSockets(walk: Walk, site: Site): string {
	const option = walk.goal.proto === 'udp' ? '-ulnp' : walk.goal.proto === 'sctp' ? '-Slnp' : '-tlnp';
	return site.key !== 'host' && site.container?.pid ? `nsenter -t ${site.container.pid} -n ss ${option}` : `ss ${option}`;
}

const proxiesByPort = lookup(({proto, hostPort: port}: ProxyProcess) => [`${proto} ${port}`]);

/** Engines whose own process holds a published port's socket without serving it (moby osallocator; podman's conmon). */
const engineDaemons = new Set(['dockerd', 'conmon']);
