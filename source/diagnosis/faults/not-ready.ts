import type {Fault} from '../fault.js';
import {containerNamed, listenersOf} from '../inventory.js';

/** Nothing listens at all yet: the container has only just started, or its health check still says starting. */
export const notReady: Fault = {
	id: 'not-ready',
	words: {
		title: 'the program is not ready yet',
		about: 'The container has started a moment ago, and its program does not listen on any port yet.',
		more: [
			'A published port is open from the first moment, because docker-proxy listens there, so a client sees an empty reply or a reset.',
		],
		see: [
			['docker ps', 'the time since its start, and "health: starting"'],
			['docker logs CONTAINER', 'how far the program has come'],
		],
		todo: ['Wait and ask again; in Compose: depends_on with condition: service_healthy.'],
	},
	atStop({hop, snapshot}) {
		const container = containerNamed(snapshot, hop.of);
		if (hop.kind !== 'port' || hop.cause !== 'nothing-listens' || !container) return null;
		const age = container.startedAt === null ? Infinity : (Date.parse(snapshot.takenAt) - Date.parse(container.startedAt)) / 1000;
		const isYoung = age >= 0 && age < young;
		if ((!isYoung && container.health !== 'starting') || listenersOf(snapshot, container)?.length !== 0) return null;
		return {
			summary: `${container.name} started ${Math.round(age)} s ago and does not listen on any port yet`,
			remedy: `docker logs -f ${container.name}  # wait until it is ready`,
		};
	},
};

/** Seconds in which most programs are up. */
const young = 10;
