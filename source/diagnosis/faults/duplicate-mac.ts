import {quote} from '../../text/quote.js';
import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {bridgeNetworks} from '../inventory.js';

/** Two containers on one bridge have the same MAC address: frames go now to the one, now to the other. */
export const duplicateMac: Fault = {
	id: 'duplicate-mac',
	words: {
		title: 'two containers have the same MAC address',
		about:
			'On one bridge two interfaces have the same MAC address, so the bridge sends frames now to the one, now to the other: connections stall or fail at random.',
		more: ['A fixed mac_address in a Compose file that is scaled, or an image of a container that was copied.'],
		see: [['bridge fdb show br BRIDGE', 'an entry that moves between ports']],
		todo: ['Give each container its own (--mac-address), or none.'],
	},
	onHost(snapshot) {
		return bridgeNetworks(snapshot).flatMap(({network, containers}) => {
			const byMac = Map.groupBy(
				containers.flatMap(({name, endpoints}) =>
					endpoints.flatMap(({networkId, mac}) => (networkId === network.id && mac ? [{name, mac: mac.toLowerCase()}] : [])),
				),
				({mac}) => mac,
			);
			return [...byMac].flatMap(([mac, holders]) => {
				if (holders.length < 2) return [];
				const names = holders.map(({name}) => name);
				return [
					noticed({
						id: 'duplicate-mac',
						severity: 'error',
						summary: `${names.join(' and ')} have the same MAC address ${mac} on ${network.name}`,
						remedy: `start one of them with another address: docker run --mac-address ADDRESS …`,
						evidence: [
							observed(`${mac} belongs to ${names.join(', ')}`, 'docker inspect', quote(['docker', 'network', 'inspect', network.name])),
						],
					}),
				];
			});
		});
	},
};
