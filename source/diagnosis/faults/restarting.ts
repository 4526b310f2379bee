import type {Container, Snapshot} from '../../model/index.js';
import {noticed, observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {containersOf, targetOf} from '../inventory.js';

/** The program ends at once, and the engine starts it again and again. */
export const restarting: Fault = {
	id: 'restarting',
	words: {
		title: 'it restarts again and again',
		about: 'The program of the container ends, and its restart policy starts it anew: most of the time nothing is there that could answer.',
		more: [
			'Between two starts the engine waits twice as long as before (0.1 s, 0.2 s, up to a minute), and from the beginning again once the program has run for ten seconds.',
		],
		see: [
			['docker ps -a', '"Restarting (1) 3 seconds ago"'],
			['docker inspect -f "{{.RestartCount}}" CONTAINER', 'how often it was started anew'],
			['docker logs CONTAINER', 'why it ends'],
		],
		todo: ['Mend what its log complains about.'],
	},
	atStop({snapshot, path, hop}) {
		const target = targetOf({snapshot, path});
		if (!target || (hop.of !== null && hop.of !== target.name)) return null;
		return isLooping(snapshot, target) ? sayingOf(target) : null;
	},
	onHost: snapshot =>
		containersOf(snapshot)
			.filter(one => isLooping(snapshot, one))
			.map(one => noticed({id: 'restarting', severity: 'error', evidence: [], ...sayingOf(one)})),
};

/**
 * Between two starts, or running for a moment: started anew more than once, just now, and after a wait that the engine makes only where the run
 * before was short as well (moby, restartmanager: 100 ms, doubled after each run under ten seconds). One that has restarted once, or long ago, is none.
 */
function isLooping({takenAt}: Snapshot, {state, restarts = 0, startedAt, endedAt}: Container): boolean {
	if (state === 'restarting') return true;
	if (state !== 'running' || restarts < 2 || !startedAt || !endedAt) return false;
	const [taken, started, ended] = [takenAt, startedAt, endedAt].map(time => Date.parse(time)) as [number, number, number];
	return taken - started < shortRun && started - ended >= secondWait;
}

/** Milliseconds under which the engine takes a run for a failed one. */
const shortRun = 10_000;
/** Milliseconds that it waits after the second failed run, a little less for the clock. */
const secondWait = 190;

function sayingOf({name, exitCode, restarts = 0, outOfMemory}: Container): Saying {
	const exit = exitCode === null ? '' : ` (exit ${exitCode}${outOfMemory ? ', out of memory' : ''})`;
	const often = restarts > 0 ? `, started anew ${restarts} time${restarts === 1 ? '' : 's'}` : '';
	return {
		summary: `${name} restarts again and again${exit}`,
		remedy: `docker logs --tail 50 ${name}`,
		evidence: [observed(`${name} restarts${often}`, 'docker inspect', `docker ps -a --filter name=${name}`)],
	};
}
