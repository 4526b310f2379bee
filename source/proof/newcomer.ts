import {canonical, isWithin} from '../address/ip.js';
import type {Container, Origin, SeenPacket, Snapshot, Trace} from '../model/index.js';
import {addressesOf} from './any-plan.js';
import {frontOf} from './front.js';

/** Whose request it was that a trace which waits for anybody has followed. */
export interface Newcomer {
	/** Its own end, before any translation. */
	client: {address: string; port: number};
	/** What it asked for, before any translation. */
	asked: {address: string; port: number};
	/** null: what has that address now is not known. */
	origin: Origin | null;
	/** It was heard before, as itself: this is the connection that docker-proxy opened for it, or how NAT shows it. */
	again: boolean;
}

/**
 * Who asked: from the addresses and the link of the first packet, with translations undone as conntrack tells them, and a connection of
 * docker-proxy's led back to the one that it was opened for. null: nobody came.
 */
export function newcomerOf(trace: Trace, snapshot: Snapshot): Newcomer | null {
	if (!trace.client) return null;
	const heard = {address: canonical(trace.client.address), port: trace.client.port};
	const own = untranslated(trace, heard);
	const client = frontOf(trace, own, new Set(addressesOf(snapshot.host))) ?? own;
	const asked = askedBy(trace, client);
	if (!asked) return null;
	const isOther = client.address !== heard.address || client.port !== heard.port;
	return {client, asked, origin: originOf(trace, snapshot, client), again: isOther && isHeard(trace, client)};
}

type End = Newcomer['client'];

/** The client's end as it was before source NAT. */
function untranslated({connections, plan}: Trace, heard: End): End {
	const shown = connections.find(
		({place, original, reply}) =>
			place === 'host' &&
			canonical(reply.dst) === heard.address &&
			reply.dport === heard.port &&
			isAsk(plan, reply.src, reply.sport) &&
			(canonical(original.src) !== heard.address || original.sport !== heard.port),
	);
	return shown ? {address: canonical(shown.original.src), port: shown.original.sport} : heard;
}

/** Its own packet was one that is waited for. What a rule leads here that no engine knows of is heard first as NAT shows it. */
function isHeard({packets, plan: {asks = []}}: Trace, client: End): boolean {
	return packets.some(
		({place, src, sport, dst, dport}) =>
			isFrom(client, src, sport) && asks.some(one => one.place === place && one.port === dport && one.address === canonical(dst)),
	);
}

function isAsk({asks = []}: Trace['plan'], address: string, port: number): boolean {
	return asks.some(one => one.port === port && one.address === canonical(address));
}

/** What conntrack on the host says of the connection's own destination; else what its first packet said. */
function askedBy(trace: Trace, client: End): End | null {
	const told = trace.connections.find(({place, original}) => place === 'host' && isFrom(client, original.src, original.sport))?.original;
	const first = told ?? firstOf(trace, client);
	return first ? {address: canonical(first.dst), port: first.dport} : null;
}

function isFrom(client: End, src: string, sport: number): boolean {
	return sport === client.port && canonical(src) === client.address;
}

/** The first packet of a client: on the host if it was seen there. */
function firstOf({packets}: Trace, client: End): SeenPacket | undefined {
	const own = packets.filter(({src, sport}) => isFrom(client, src, sport)).sort((a, b) => a.us - b.us);
	return own.find(({place}) => place === 'host') ?? own[0];
}

function originOf(trace: Trace, snapshot: Snapshot, client: End): Origin | null {
	const containers = snapshot.engine.read ? snapshot.engine.value.containers : [];
	const first = firstOf(trace, client);
	const {address} = client;
	const named = (one: Container | undefined): Origin | null => (one ? {kind: 'container', name: one.name} : null);
	if (first && first.place !== 'host') {
		const target = containers.find(({id}) => id === first.place);
		const facts = target && snapshot.containers[target.id]?.netns;
		if (first.interface === 'lo' || (facts && addressesOf(facts).includes(address))) return named(target);
	} else {
		if (addressesOf(snapshot.host).includes(address)) return {kind: 'host', address};
		const through = named(behindLink(snapshot, containers, first?.interface ?? ''));
		if (through) return through;
	}
	const has = named(
		containers.find(({endpoints}) => endpoints.some(one => [one.address, one.address6].some(is => is && canonical(is) === address))),
	);
	if (has) return has;
	const networks = snapshot.engine.read ? snapshot.engine.value.networks : [];
	const inside = networks.some(({driver, subnets}) => driver === 'bridge' && subnets.some(({subnet}) => isWithin(address, subnet)));
	return inside ? null : {kind: 'lan', address};
}

/** The container whose interface is the other end of that link of the host. */
function behindLink({host: {links}, veths}: Snapshot, containers: Container[], name: string): Container | undefined {
	const index = links.read ? links.value.find(link => link.name === name)?.index : undefined;
	const pair = veths.read && index !== undefined ? veths.value.find(({hostIndex}) => hostIndex === index) : undefined;
	return containers.find(({id}) => id === pair?.containerId);
}
