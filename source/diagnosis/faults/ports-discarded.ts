import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {runningOf} from '../inventory.js';

/** -p together with --network host: the engine throws the ports away. */
export const portsDiscarded: Fault = {
	id: 'ports-discarded',
	words: {
		title: 'ports are not published on the host network',
		about:
			'With --network host the container uses the ports of the host itself: -p is ignored, and the program is asked at the port that it listens on.',
		more: [],
		see: [['docker port CONTAINER', 'nothing']],
		todo: ['Ask at the port that the program listens on, or take --network host away.'],
	},
	onHost(snapshot) {
		return runningOf(snapshot)
			.filter(({networkMode, requested}) => networkMode === 'host' && requested.length > 0)
			.map(({name, requested}) =>
				noticed({
					id: 'ports-discarded',
					severity: 'info',
					summary: `${name} is on the host's network: its -p ${requested.map(({hostPort, port}) => `${hostPort}:${port}`).join(', ')} is ignored`,
					remedy: `ask for the port that it listens on: ss -tulnp`,
					evidence: [
						observed(
							`${name} has --network host and asked for ports`,
							'docker inspect',
							`docker inspect -f '{{json .HostConfig.PortBindings}}' ${name}`,
						),
					],
				}),
			);
	},
};
