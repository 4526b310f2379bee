import type {Container, Finding, PublishedPort, Snapshot} from '../../model/index.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {containersOf, hostListeners, runningOf, targetOf} from '../inventory.js';

/** A container did not start because somebody else holds the port that it wants to publish. */
export const portTaken: Fault = {
	id: 'port-taken',
	words: {
		title: 'its port is taken',
		about:
			'The container was created but did not start, because another container or a program of the host holds the host port that it publishes.',
		more: [
			'docker says "port is already allocated" (another container) or "address already in use" (a program). Whoever asks at the port gets the other one.',
		],
		see: [['ss -tulnp', 'who listens on the port']],
		todo: ['Stop the other one and start this one (`docker start CONTAINER`), or publish at another port.'],
	},
	atStop(stop) {
		const target = targetOf(stop);
		if (!target || !['not-running', 'answered-by-another'].includes(stop.hop.cause ?? '')) return null;
		return takenPorts(stop.snapshot, target)[0] ?? null;
	},
	onHost: snapshot =>
		containersOf(snapshot).flatMap(container =>
			takenPorts(snapshot, container).map(
				({summary, remedy, evidence}): Finding => ({id: 'port-taken', severity: 'error', hop: null, summary, remedy, evidence}),
			),
		),
};

/** Its ports that somebody else holds, where that kept it from starting. */
export function takenPorts(snapshot: Snapshot, container: Container) {
	// A container that has run and ended left its ports to others by right.
	if (container.state !== 'created' && container.state !== 'restarting' && !/already (allocated|in use)/.test(container.startError ?? ''))
		return [];
	return container.requested.flatMap(port => {
		const holder = holderOf(snapshot, container, port);
		if (!holder) return [];
		const asked = `${port.hostPort}/${port.proto}`;
		return [
			{
				summary: `${container.name} could not start: ${holder.name} holds ${asked} of the host`,
				remedy: holder.container
					? `docker stop ${holder.name} && docker start ${container.name}`
					: `stop ${holder.name}, then: docker start ${container.name}`,
				evidence: [
					observed(
						`${holder.name} holds ${asked}`,
						holder.container ? 'docker ps' : 'ss',
						holder.container ? 'docker ps' : `ss -tulnp sport = :${port.hostPort}`,
					),
				],
			},
		];
	});
}

function holderOf(snapshot: Snapshot, container: Container, {hostPort, proto}: PublishedPort): {name: string; container: boolean} | null {
	if (hostPort === 0) return null;
	const other = runningOf(snapshot).find(
		one => one !== container && one.published.some(port => port.hostPort === hostPort && port.proto === proto),
	);
	if (other) return {name: other.name, container: true};
	const owner = hostListeners(snapshot, hostPort, proto).flatMap(({owners}) => owners ?? [])[0];
	if (!owner) return null;
	return {name: `${owner.name} (${owner.pid})`, container: false};
}
