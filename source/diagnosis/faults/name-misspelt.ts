import type {Fault} from '../fault.js';
import {askerOf, containersOf, endpointsOf} from '../inventory.js';

/** No container goes by this name on the networks of the one that asks; the names that there are. */
export const nameMisspelt: Fault = {
	id: 'name-misspelt',
	words: {
		title: 'no container on its networks has this name',
		about:
			'The embedded DNS answers for the names of containers, their aliases and Compose services on the networks that the asking container is on, and for nothing like them.',
		more: ['The hostname of a container (--hostname) is known to that container alone.'],
		see: [['docker network inspect NETWORK', 'the containers on it']],
		todo: [
			'Ask by one of the names that there are, or give the container this one: docker network connect --alias NAME NETWORK CONTAINER.',
		],
	},
	atStop(stop) {
		const {hop, snapshot, path} = stop;
		const asker = askerOf(stop);
		if (!asker || hop.kind !== 'dns' || hop.cause !== 'name-not-found' || path.to.kind === 'container') return null;
		const own = new Set(endpointsOf(snapshot, asker).map(({networkId}) => networkId));
		const known = containersOf(snapshot).flatMap(({endpoints}) =>
			endpoints.filter(({networkId}) => own.has(networkId)).flatMap(({dnsNames}) => dnsNames),
		);
		const names = [...new Set(known)].filter(name => !/^[0-9a-f]{12}$/.test(name));
		const near = names.filter(name => isNear(name, hop.name));
		const [best] = near;
		if (best === undefined) return null;
		return {
			summary: `no container on the networks of ${asker.name} is called ${hop.name}; ${near.join(', ')} is there`,
			remedy: `ask for ${best} instead of ${hop.name}`,
		};
	},
};

function sorted(word: string): string {
	return [...word].sort().join('');
}

/** One is the beginning or the end of the other, or they differ by the order of letters or one letter left out, added or changed. */
function isNear(name: string, asked: string): boolean {
	const [a, b] = [name.toLowerCase(), asked.toLowerCase().replace(/\.$/, '')];
	if (Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a) || a.endsWith(b) || b.endsWith(a))) return true;
	if (a.length > 2 && sorted(a) === sorted(b)) return true;
	let head = 0;
	while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
	return Math.max(a.length, b.length) - head - tail <= 1;
}
