import type {Fault} from '../fault.js';
import {containersOf, listenersOf, runningOf, targetOf} from '../inventory.js';
import {droppingStep} from '../stop.js';

/** The port is asked for from outside, and no container publishes it. */
export const notPublished: Fault = {
	id: 'not-published',
	words: {
		title: 'the port is not published',
		about:
			'A container’s port is open for the containers on its own network and for the host. Everybody else reaches it only where it is published.',
		more: ['EXPOSE in an image publishes nothing. `docker compose run` publishes nothing without --service-ports.'],
		see: [['docker port CONTAINER', 'what is published; nothing where nothing is']],
		todo: ['Start the container with -p HOSTPORT:PORT.'],
	},
	atStop(stop) {
		const {hop, snapshot, path} = stop;
		const target = targetOf(stop);
		if (
			path.from.kind === 'lan' &&
			target &&
			hop.kind === 'netfilter' &&
			hop.of === null &&
			(hop.cause === 'policy-drop' || isEngines(droppingStep(hop)?.label))
		) {
			const {port, proto} = path.to;
			if (target.published.some(one => one.port === port && one.proto === proto)) return null;
			return {
				summary: `${target.name} does not publish ${port}/${proto}, and the engine lets nobody else in`,
				remedy: `docker run -p ${port}:${port}${proto === 'tcp' ? '' : `/${proto}`} …`,
			};
		}
		if (hop.kind !== 'port' || hop.cause !== 'nothing-listens' || hop.of !== null || target || hop.port === null) return null;
		if (containersOf(snapshot).some(one => one.published.some(({hostPort}) => hostPort === hop.port))) return null;
		const inside = runningOf(snapshot).find(one =>
			listenersOf(snapshot, one)?.some(({port, proto}) => port === hop.port && proto === hop.packet.proto),
		);
		if (!inside) return null;
		return {
			summary: `nothing on the host listens on ${hop.port}/${hop.packet.proto}; ${inside.name} does, but does not publish it`,
			remedy: `docker run -p ${hop.port}:${hop.port} …  # or ask ${inside.name} at its own address`,
		};
	},
};

function isEngines(label: string | null | undefined): boolean {
	return ['Docker', 'direct access', 'unpublished port', 'isolation', 'Podman'].includes(label ?? '');
}
