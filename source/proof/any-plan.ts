import {canonical, familyOf, isLoopback, isUnspecified} from '../address/ip.js';
import type {Container, NetnsFacts, Path, PublishedPort, Snapshot, TraceAsk, TraceFilter, TracePlan} from '../model/index.js';
import {publishedAs} from '../path/published.js';
import {isRunning, namespaceOwner} from '../path/world.js';
import {tracePlace} from './trace-plan.js';

/**
 * What a trace looks at that waits for whoever asks the target of this path next: every address and port by which it can be asked, on the host
 * and in the target's own namespace. A sentence where that cannot be waited for. `family`: only that one; null: both.
 */
export function anyPlan(
	{to}: Pick<Path, 'to'>,
	snapshot: Snapshot,
	family: 4 | 6 | null,
	timeoutSeconds: number,
): TracePlan | {whyNot: string} {
	const {proto, port} = to;
	const containers = snapshot.engine.read ? snapshot.engine.value.containers : [];
	const container = to.kind === 'container' ? containers.find(({name}) => name === to.name) : undefined;
	if (!container) return {whyNot: `'${to.name}' is no container of this host: only at its ports whoever asks can be waited for`};
	if (!isRunning(container))
		return {whyNot: `${container.name} is ${container.state}: nobody's request can reach it; docker start ${container.name}`};
	if (proto === 'sctp') return {whyNot: 'SCTP cannot be traced'};
	const owner = namespaceOwner(containers, container);
	const wanted = (address: string) => family === null || familyOf(address) === family;
	const ofHost = addressesOf(snapshot.host).filter(wanted);
	const key = owner === 'host' ? 'host' : owner.id;
	const own = owner === 'host' ? ofHost : ownAddresses(owner, snapshot).filter(wanted);
	const bindings = owner === 'host' ? [] : bindingsOf(container, owner, port, proto);
	const asks: TraceAsk[] = [
		...bindings.flatMap(one => boundAt(one, ofHost).map(address => ({place: 'host', address, port: one.hostPort, own: false}))),
		...(key === 'host' ? [] : own.filter(address => !isLoopback(address)).map(address => ({place: 'host', address, port, own: true}))),
		...own.map(address => ({place: key, address, port, own: true})),
	];
	const anybody = (at: number): TraceFilter => ({proto, ports: [at, at], address: null, shared: true});
	const published = [...new Set(bindings.map(({hostPort}) => hostPort))];
	const behind = own.filter(address => !isLoopback(address)).map((address): TraceFilter => ({proto, ports: [port, port], address}));
	const filters = {host: key === 'host' ? [anybody(port)] : [...published.map(anybody), ...behind], own: [anybody(port)]};
	return {
		send: null,
		entry: null,
		first: {proto, ports: [port, port], address: own[0] ?? null, shared: true},
		others: [],
		places: [
			{...tracePlace('host', [], snapshot), ...(key === 'host' ? {names: [container.name]} : {}), filters: filters.host},
			...(key === 'host' ? [] : [{...tracePlace(key, namesIn(owner, containers), snapshot), filters: filters.own}]),
		],
		proxied: proto === 'tcp' && bindings.length > 0,
		timeoutSeconds,
		asks,
	};
}

/** Names of a namespace's owner and of all that share it: hops are called by any of them. */
function namesIn(owner: Container | 'host', containers: Container[]): string[] {
	return containers.filter(one => namespaceOwner(containers, one) === owner).map(({name}) => name);
}

/** What shares another container's namespace is published by that one. */
function bindingsOf(container: Container, owner: Container | 'host', port: number, proto: 'tcp' | 'udp'): PublishedPort[] {
	const published = publishedAs(container, port, proto);
	return published.length > 0 || owner === 'host' || owner === container ? published : publishedAs(owner, port, proto);
}

function boundAt({hostAddress}: PublishedPort, ofHost: readonly string[]): string[] {
	if (!isUnspecified(hostAddress)) return ofHost.filter(address => address === canonical(hostAddress));
	return ofHost.filter(address => familyOf(address) === familyOf(hostAddress));
}

function ownAddresses({id, endpoints}: Container, {containers}: Snapshot): string[] {
	const facts = containers[id]?.netns;
	const known = endpoints.flatMap(({address, address6}) => [address, address6]).filter(address => address !== null);
	return [...new Set([...known.map(canonical), ...(facts ? addressesOf(facts) : [])])];
}

export function addressesOf({addresses}: Pick<NetnsFacts, 'addresses'>): string[] {
	return addresses.read ? [...new Set(addresses.value.map(({address}) => canonical(address)))] : [];
}
