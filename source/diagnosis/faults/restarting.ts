import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {containersOf, targetOf} from '../inventory.js';

/** The program ends at once, and the engine starts it again and again. */
export const restarting: Fault = {
	id: 'restarting',
	words: {
		title: 'it restarts again and again',
		about: 'The program of the container ends, and its restart policy starts it anew: most of the time nothing is there that could answer.',
		more: [],
		see: [
			['docker ps -a', '"Restarting (1) 3 seconds ago"'],
			['docker logs CONTAINER', 'why it ends'],
		],
		todo: ['Mend what its log complains about.'],
	},
	atStop(stop) {
		const target = targetOf(stop);
		if (stop.hop.cause !== 'not-running' || target?.state !== 'restarting') return null;
		return {
			summary: `${target.name} restarts again and again (exit ${target.exitCode ?? '?'})`,
			remedy: `docker logs --tail 50 ${target.name}`,
		};
	},
	onHost(snapshot) {
		return containersOf(snapshot)
			.filter(({state}) => state === 'restarting')
			.map(({name, exitCode}) =>
				noticed({
					id: 'restarting',
					severity: 'error',
					summary: `${name} restarts again and again (exit ${exitCode ?? '?'})`,
					remedy: `docker logs --tail 50 ${name}`,
					evidence: [observed(`${name} is restarting`, 'docker inspect', `docker ps -a --filter name=${name}`)],
				}),
			);
	},
};
