import {canonical, isLoopback} from '../address/ip.js';
import type {ProbePlan, Snapshot} from '../model/index.js';
import {netnsInode} from './place.js';
import type {Client} from './target-socket.js';

/** A client but for the socket that it dials from. */
export type Origin = Omit<Client, 'localAddress' | 'localPort' | 'spoke'>;

/** Whom the target may take for its client, given the address that was dialled. */
export async function clientOf(plan: ProbePlan, dialled: string | null, snapshot: Snapshot): Promise<Origin> {
	const {from, target} = plan;
	const {addresses} = snapshot.host;
	const hostAddresses = addresses.read ? addresses.value.map(({address}) => address) : [];
	const origin = await inodeOf(from.kind === 'container' ? from.id : null, snapshot);
	const there = await inodeOf(target?.containerId ?? null, snapshot);
	const sameContainer = from.kind === 'container' ? from.id === target?.containerId : target?.containerId === null;
	const sameNamespace = sameContainer || (origin !== null && origin === there);
	const owned = target?.containerId ? containerAddresses(target.containerId, snapshot) : hostAddresses;
	const dialsOwn = dialled !== null && (isLoopback(dialled) ? sameNamespace : owned.some(one => canonical(one) === canonical(dialled)));
	return {hostAddresses, sameNamespace, direct: dialsOwn && plan.port === target?.port};
}

async function inodeOf(containerId: string | null, {containers, host}: Snapshot): Promise<number | null> {
	if (containerId !== null) return containers[containerId]?.netns.inode ?? null;
	return host.inode ?? netnsInode('/proc/self/ns/net');
}

function containerAddresses(containerId: string, {engine}: Snapshot): string[] {
	const container = engine.read ? engine.value.containers.find(({id}) => id === containerId) : undefined;
	return container?.endpoints.flatMap(({address, address6}) => [address, address6]).filter(address => address !== null) ?? [];
}
