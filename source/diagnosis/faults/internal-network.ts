import {quote} from '../../text/quote.js';
import type {Fault} from '../fault.js';
import {askerOf, endpointsOf, engineOf} from '../inventory.js';
import {droppingStep} from '../stop.js';

/** A container whose networks are all internal asks for something outside of them. */
export const internalNetwork: Fault = {
	id: 'internal-network',
	words: {
		title: 'its network is internal',
		about:
			'A network created with --internal leads nowhere but to its own containers: they get no default route, or the engine drops what leaves.',
		more: ['Ports of containers that are on internal networks alone are not published.'],
		see: [['docker network inspect -f "{{.Internal}}" NETWORK', 'true']],
		todo: ['`docker network connect NETWORK CONTAINER` with a network that is not internal.'],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		const asker = askerOf(stop);
		const routed = hop.cause === 'no-route' && hop.of !== null;
		const dropped = hop.kind === 'netfilter' && hop.of === null && /isolation|Docker/.test(droppingStep(hop)?.label ?? '');
		if (!asker || (!routed && !dropped)) return null;
		const ids = endpointsOf(snapshot, asker).map(({networkId}) => networkId);
		const networks = (engineOf(snapshot)?.networks ?? []).filter(({id}) => ids.includes(id));
		if (networks.length === 0 || !networks.every(({internal}) => internal)) return null;
		const names = networks.map(({name}) => name).join(', ');
		return {
			summary: `${asker.name} is on ${names} alone, which is internal: nothing leads out of it`,
			remedy: quote(['docker', 'network', 'connect', 'bridge', asker.name]),
		};
	},
};
