import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {runningOf} from '../inventory.js';

/** The container's own health check fails. */
export const unhealthy: Fault = {
	id: 'unhealthy',
	words: {
		title: 'its health check fails',
		about: 'The container runs, but the check that comes with it says that its service does not work.',
		more: ['The network may be in order all the same: requests arrive, and are answered wrongly or not at all.'],
		see: [['docker inspect -f "{{json .State.Health}}" CONTAINER', 'what the last checks printed']],
		todo: ['Look into its log: `docker logs CONTAINER`.'],
	},
	onHost(snapshot) {
		return runningOf(snapshot)
			.filter(({health}) => health === 'unhealthy')
			.map(({name}) =>
				noticed({
					id: 'unhealthy',
					severity: 'warning',
					summary: `the health check of ${name} fails`,
					remedy: `docker logs --tail 50 ${name}`,
					evidence: [observed(`${name} is unhealthy`, 'docker inspect', `docker inspect -f '{{json .State.Health}}' ${name}`)],
				}),
			);
	},
};
