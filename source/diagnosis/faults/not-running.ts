import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {containersOf} from '../inventory.js';

/** Containers that ended by themselves, or whose published ports answer nobody because they are stopped. */
export const notRunning: Fault = {
	id: 'not-running',
	words: null,
	onHost(snapshot) {
		return containersOf(snapshot)
			.filter(({state}) => state === 'exited' || state === 'dead')
			.flatMap(({name, state, exitCode, requested}) => {
				const failed = state === 'dead' || (exitCode !== null && exitCode !== 0 && !stopped.has(exitCode));
				if (!failed && requested.length === 0) return [];
				const ports = requested.map(({hostPort, proto}) => `${hostPort === 0 ? 'a port' : hostPort}/${proto}`);
				const publishes = ports.length > 0 ? `, so nobody answers on ${[...new Set(ports)].join(', ')}` : '';
				return [
					noticed({
						id: 'not-running',
						severity: 'warning',
						summary: `${name} is ${state}${exitCode === null ? '' : ` (${exitCode})`}${publishes}`,
						remedy: `docker start ${name}${failed ? `  # why it ended: docker logs --tail 50 ${name}` : ''}`,
						evidence: [observed(`${name} is ${state}`, 'docker inspect', `docker ps -a --filter name=${name}`)],
					}),
				];
			});
	},
};

/** Exit codes of a program that was told to end: SIGINT, SIGKILL, SIGTERM. */
const stopped = new Set([130, 137, 143]);
