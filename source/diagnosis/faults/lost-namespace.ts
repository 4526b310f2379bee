import type {Container, Finding, Snapshot} from '../../model/index.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {containersOf, runningOf} from '../inventory.js';

/** A container shares the network of another one that has stopped, or was started anew in a new namespace. */
export const lostNamespace: Fault = {
	id: 'lost-namespace',
	words: {
		title: 'the container whose network it shares is gone',
		about:
			'A container with --network container:OTHER lives in the namespace that OTHER had when it started. When OTHER stops or is started anew, its own namespace is dead: it has no interface any more.',
		more: ['A VPN container that others route through is the usual case.'],
		see: [['docker inspect -f "{{.HostConfig.NetworkMode}}" CONTAINER', 'container: and the id of the other one']],
		todo: ['Start the other one, then this one anew: `docker restart CONTAINER`.'],
	},
	atStop({snapshot, path, hop}) {
		const named = [path.to.name, path.from.name, hop.of];
		const container = runningOf(snapshot).find(({name}) => named.includes(name));
		const lost = container && lostOwner(snapshot, container);
		return container && lost ? sayingOf(container, lost) : null;
	},
	onHost: snapshot =>
		runningOf(snapshot).flatMap((container): Finding[] => {
			const lost = lostOwner(snapshot, container);
			return lost ? [{id: 'lost-namespace', severity: 'error', hop: null, ...sayingOf(container, lost)}] : [];
		}),
};

/** What became of the container whose namespace this one shares; null where it is there, or it shares none. */
function lostOwner(snapshot: Snapshot, container: Container): {name: string | null; what: string} | null {
	const id = /^container:(.+)$/.exec(container.networkMode)?.[1];
	if (id === undefined) return null;
	const owner = containersOf(snapshot).find(one => one.id === id || one.name === id);
	if (!owner) return {name: null, what: 'is gone'};
	if (owner.state !== 'running' && owner.state !== 'paused') return {name: owner.name, what: `is ${owner.state}`};
	const [own, theirs] = [container, owner].map(one => snapshot.containers[one.id]?.netns.inode ?? null);
	return own !== null && theirs !== null && own !== theirs ? {name: owner.name, what: 'was started anew, in a new namespace'} : null;
}

function sayingOf(container: Container, {name, what}: {name: string | null; what: string}) {
	const start = name !== null && what.startsWith('is ') ? `docker start ${name} && ` : '';
	return {
		summary: `${container.name} shares the network of ${name ?? 'a container'}, which ${what}`,
		remedy: name === null ? `create ${container.name} anew with a network that is there` : `${start}docker restart ${container.name}`,
		evidence: [
			observed(
				`${container.name} has the network mode ${container.networkMode}`,
				'docker inspect',
				`docker inspect -f '{{.HostConfig.NetworkMode}}' ${container.name}`,
			),
		],
	};
}
