import {canonical, isWithin} from '../../address/ip.js';
import {addressesOf} from '../../snapshot/netns.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {containerNamed, endpointsOf} from '../inventory.js';
import {inNamespace} from '../stop.js';

/** An address that the engine did not give makes a container look for somebody on its own network who is elsewhere. */
export const strayAddress: Fault = {
	id: 'stray-address',
	words: {
		title: 'an address of its own making leads it astray',
		about:
			'Inside the container an interface has an address that the engine did not give it. Its range covers somebody who is elsewhere, so the container asks for that one on its own network instead of its gateway.',
		more: ['A wrong length of the prefix (10.0.0.5/8) is the usual case, or a VPN client inside the container.'],
		see: [['nsenter -t PID -n ip addr', 'an address that docker inspect does not name']],
		todo: ['Take the address away, or give it the right length: `ip addr del ADDRESS/LENGTH dev LINK`.'],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		const container = containerNamed(snapshot, hop.of);
		const facts = container && snapshot.containers[container.id]?.netns;
		if (hop.cause !== 'no-neighbour' || !facts || hop.address === null) return null;
		const given = endpointsOf(snapshot, container).flatMap(({address, address6}) => [address, address6]);
		const known = new Set(given.flatMap(address => (address === null ? [] : [canonical(address)])));
		const asked = hop.address;
		const stray = addressesOf(facts, asked.includes(':') ? 6 : 4).find(
			({address, prefix, scope}) => scope !== 'link' && !known.has(canonical(address)) && isWithin(asked, `${address}/${prefix}`),
		);
		if (!stray) return null;
		const words = `${stray.address}/${stray.prefix}`;
		return {
			summary: `${container.name} takes ${asked} for a neighbour, because ${stray.link} has ${words}, which the engine did not give it`,
			remedy: inNamespace(stop, 'ip', 'addr', 'del', words, 'dev', stray.link),
			evidence: [observed(`${words} on ${stray.link}`, 'ip addr', inNamespace(stop, 'ip', 'addr', 'show', stray.link))],
		};
	},
};
