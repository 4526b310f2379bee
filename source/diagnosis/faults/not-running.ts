import type {Container} from '../../model/index.js';
import {isRunning} from '../../path/world.js';
import {quote} from '../../text/quote.js';
import {noticed, observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {containersOf, targetOf} from '../inventory.js';
import {takenPorts} from './port-taken.js';

/** Containers that ended by themselves, or whose published ports answer nobody because they are stopped. */
export const notRunning: Fault = {
	id: 'not-running',
	words: null,
	atStop(stop) {
		const target = targetOf(stop);
		return stop.hop.cause === 'not-running' && target?.startError ? notStarted(target, target.startError) : null;
	},
	onHost: snapshot =>
		containersOf(snapshot).flatMap(container => {
			if (takenPorts(snapshot, container).length > 0) return [];
			const saying = container.startError && !isRunning(container) ? notStarted(container, container.startError) : ended(container);
			return saying ? [noticed({id: 'not-running', severity: 'warning', evidence: [], ...saying})] : [];
		}),
};

/** The engine tried to start it and could not: its own words say why. */
function notStarted(container: Container, why: string): Saying {
	const {name} = container;
	return {
		summary: `${name} could not be started${portWords(container)}: ${why}`,
		remedy: `mend what the engine says, then: ${quote(['docker', 'start', name])}`,
		evidence: [observed(why, 'docker inspect', quote(['docker', 'inspect', '-f', '{{.State.Error}}', name]))],
	};
}

function ended(container: Container): Saying | null {
	const {name, state, exitCode, requested, outOfMemory} = container;
	if (state !== 'exited' && state !== 'dead') return null;
	const failed = state === 'dead' || outOfMemory || (exitCode !== null && exitCode !== 0 && !stopped.has(exitCode));
	if (!failed && requested.length === 0) return null;
	const how = exitCode === null ? '' : ` (${exitCode}${outOfMemory ? ', out of memory' : ''})`;
	return {
		summary: `${name} is ${state}${how}${portWords(container)}`,
		remedy: `${quote(['docker', 'start', name])}${failed ? `  # why it ended: docker logs --tail 50 ${name}` : ''}`,
		evidence: [observed(`${name} is ${state}`, 'docker inspect', `docker ps -a --filter name=${name}`)],
	};
}

function portWords({requested}: Container): string {
	const ports = requested.map(({hostPort, proto}) => `${hostPort === 0 ? 'a port' : hostPort}/${proto}`);
	return ports.length > 0 ? `, so nobody answers on ${[...new Set(ports)].join(', ')}` : '';
}

/** Exit codes of a program that was told to end: SIGINT, SIGKILL, SIGTERM. */
const stopped = new Set([130, 137, 143]);
