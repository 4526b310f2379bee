import {readNeighbours} from '../kernel/neighbours.js';
import {readSockets} from '../kernel/sockets.js';
import type {SeenListener, SeenNeighbour} from '../model/index.js';

/**
 * What a request that fared badly leaves in one namespace: who was asked for on its links and did not answer, and who listens at these ports.
 * What cannot be read is left out.
 */
export async function readAftermath(
	place: string,
	enter: readonly string[],
	ports: readonly number[],
): Promise<{neighbours: SeenNeighbour[]; listeners: SeenListener[]}> {
	const [neighbours, sockets] = await Promise.all([readNeighbours(enter), readSockets(enter, null)]);
	return {
		neighbours: neighbours.read ? neighbours.value.slice(0, most).map(one => ({place, ...one})) : [],
		listeners: sockets.read ? sockets.value.map(one => ({place, ...one})).filter(({port}) => ports.includes(port)) : [],
	};
}

/** A neighbour table is as long as its network has hosts. */
const most = 1000;
