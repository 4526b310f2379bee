import type {Container, Finding, PublishedPort, Snapshot} from '../../model/index.js';
import {isRunning} from '../../path/world.js';
import {valueOr} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import {noticed, observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {containersOf, hostListeners, runningOf, targetOf} from '../inventory.js';
import {takenPorts} from './port-taken.js';

/**
 * Containers that ended by themselves, or whose published ports answer nobody because they were stopped. To stop one is no fault (a host in
 * order has some), and no fact of the engine tells that somebody waits for it: a line (info), no alarm. One that failed, or that could not be started,
 * is a warning; and a request to any of them is stopped there, which is an error wherever it is asked for.
 */
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
			const saying =
				container.startError && !isRunning(container) ? notStarted(container, container.startError) : ended(snapshot, container);
			return saying ? [noticed({id: 'not-running', severity: 'warning', evidence: [], ...saying})] : [];
		}),
};

/** The engine tried to start it and could not: its own words say why. */
function notStarted(container: Container, why: string): Saying {
	const {name} = container;
	return {
		summary: `${name} could not be started${portWords(container.requested)}: ${why}`,
		remedy: `mend what the engine says, then: ${quote(['docker', 'start', name])}`,
		evidence: [observed(why, 'docker inspect', quote(['docker', 'inspect', '-f', '{{.State.Error}}', name]))],
	};
}

function ended(snapshot: Snapshot, container: Container): (Saying & Pick<Finding, 'severity'>) | null {
	const {name, state, exitCode, outOfMemory} = container;
	if (state !== 'exited' && state !== 'dead') return null;
	const failed = state === 'dead' || outOfMemory || (exitCode !== null && exitCode !== 0 && !stopped.has(exitCode));
	const silent = container.requested.filter(port => !isAnswered(snapshot, container, port));
	if (!failed && silent.length === 0) return null;
	const how = exitCode === null ? '' : ` (${exitCode}${outOfMemory ? ', out of memory' : ''})`;
	return {
		severity: failed ? 'warning' : 'info',
		summary: `${name} is ${state}${how}${portWords(silent)}`,
		remedy: `${quote(['docker', 'start', name])}${failed ? `  # why it ended: docker logs --tail 50 ${name}` : ''}`,
		evidence: [observed(`${name} is ${state}`, 'docker inspect', `docker ps -a --filter name=${name}`)],
	};
}

/** What took its place answers at its ports: another container, or a program of the host. A docker-proxy that was left over does not. */
function isAnswered(snapshot: Snapshot, container: Container, {hostPort, proto}: PublishedPort): boolean {
	const isSame = (port: {hostPort: number; proto: string}) => port.hostPort === hostPort && port.proto === proto;
	if (runningOf(snapshot).some(one => one !== container && one.published.some(isSame))) return true;
	return hostListeners(snapshot, hostPort, proto).length > 0 && !valueOr(snapshot.proxies, []).some(isSame);
}

function portWords(silent: Container['requested']): string {
	const ports = silent.map(({hostPort, proto}) => `${hostPort === 0 ? 'a port' : hostPort}/${proto}`);
	return ports.length > 0 ? `, so nobody answers on ${[...new Set(ports)].join(', ')}` : '';
}

/** Exit codes of a program that was told to end: SIGINT, SIGKILL, SIGTERM. */
const stopped = new Set([130, 137, 143]);
