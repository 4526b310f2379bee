import {isLoopback} from '../../address/ip.js';
import type {Container} from '../../model/index.js';
import type {Fault} from '../fault.js';
import {askerOf, commonNetworks, hostListeners, listenersOf, runningOf} from '../inventory.js';

/** 127.0.0.1 inside a container is that container; the service that is meant is somewhere else. */
export const localhostInside: Fault = {
	id: 'localhost-inside',
	words: {
		title: 'localhost is the container itself',
		about: '127.0.0.1 and localhost mean a different place in every container: the container itself. Nothing listens there on this port.',
		more: ['Another container is asked by its name, the host by host.docker.internal.'],
		see: [['docker exec CONTAINER ss -tln', 'what listens inside this container']],
		todo: [
			'Ask for the other container by its name, or for the host by host.docker.internal (with --add-host host.docker.internal:host-gateway).',
		],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		const asker = askerOf(stop);
		if (
			!asker ||
			hop.kind !== 'port' ||
			hop.cause !== 'nothing-listens' ||
			!isLoopback(hop.packet.dst) ||
			hop.port === null ||
			hop.of === null
		)
			return null;
		const {port} = hop;
		const takes = (one: Container) => listenersOf(snapshot, one)?.some(socket => socket.port === port && socket.proto === hop.packet.proto);
		const sibling = runningOf(snapshot).find(one => one !== asker && commonNetworks(snapshot, asker, one).length > 0 && takes(one));
		const onHost = hostListeners(snapshot, port, hop.packet.proto).length > 0;
		if (!sibling && !onHost) return null;
		const place = sibling ? `${sibling.name} listens on ${port}` : `the host listens on ${port}`;
		return {
			summary: `in ${asker.name}, ${hop.packet.dst} is ${asker.name} itself, where nothing listens on ${port}; ${place}`,
			remedy: `ask for ${sibling ? `${sibling.name}:${port}` : `host.docker.internal:${port}`} instead`,
		};
	},
};
