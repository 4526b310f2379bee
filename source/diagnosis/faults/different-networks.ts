import type {Fault} from '../fault.js';
import {askerOf, commonNetworks, connectTo, endpointsOf, targetOf} from '../inventory.js';
import {droppingStep} from '../stop.js';

/** Two containers without a network in common: neither name nor address of the one leads from the other to it. */
export const differentNetworks: Fault = {
	id: 'different-networks',
	words: {
		title: 'the two containers have no network in common',
		about:
			'Containers know each other by name, and reach each other, on a network that both are on. The engine keeps its networks apart by rules.',
		more: ['Every Compose project has a network of its own: containers of two projects meet only on a network that both name as external.'],
		see: [['docker inspect -f "{{json .NetworkSettings.Networks}}" CONTAINER', 'the networks that it is on']],
		todo: ['`docker network connect NETWORK CONTAINER`'],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		const [asker, target] = [askerOf(stop), targetOf(stop)];
		if (!asker || !target || asker.networkMode === 'host' || commonNetworks(snapshot, asker, target).length > 0) return null;
		const byName = hop.cause === 'name-not-found';
		const isolated = hop.kind === 'netfilter' && hop.of === null && engineLabels.has(droppingStep(hop)?.label ?? '');
		if (!byName && !isolated) return null;
		const theirs = endpointsOf(snapshot, target).map(({networkName}) => networkName);
		const own = endpointsOf(snapshot, asker).map(({networkName}) => networkName);
		const network = theirs.find(name => name !== 'bridge' && name !== 'none') ?? own.find(name => name !== 'bridge' && name !== 'none');
		if (network === undefined || own.length === 0 || theirs.length === 0) return null;
		return {
			summary: `${asker.name} is on ${own.join(', ')}, ${target.name} on ${theirs.join(', ')}: they have no network in common`,
			remedy: connectTo(theirs.includes(network) ? asker : target, network),
		};
	},
};

const engineLabels = new Set(['isolation', 'direct access', 'Docker', 'unpublished port', 'between containers of one network', 'Podman']);
