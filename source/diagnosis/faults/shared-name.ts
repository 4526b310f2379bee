import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {bridgeNetworks} from '../inventory.js';

/** Containers of different services answer to the same name on one network. */
export const sharedName: Fault = {
	id: 'shared-name',
	words: {
		title: 'several services share a name',
		about:
			'On one network the same name belongs to containers of different services. The embedded DNS gives all their addresses in changing order, so a request goes now to the one, now to the other.',
		more: [
			'Containers of one service that was scaled share its name on purpose; two Compose projects on one external network do so by accident.',
		],
		see: [['docker exec CONTAINER getent ahosts NAME', 'several addresses']],
		todo: ['Give each an alias of its own, or ask by the name of the container.'],
	},
	onHost(snapshot) {
		return bridgeNetworks(snapshot).flatMap(({network, containers}) => {
			const entries = containers.flatMap(container =>
				container.endpoints
					.filter(({networkId}) => networkId === network.id)
					.flatMap(({dnsNames, aliases}) => [...new Set([...dnsNames, ...aliases])].map(name => ({name, container}))),
			);
			return [...Map.groupBy(entries, ({name}) => name.toLowerCase())].flatMap(([name, holders]) => {
				const services = new Set(
					holders.map(({container}) => `${container.composeProject}/${container.composeService ?? container.image}`),
				);
				if (services.size < 2) return [];
				const names = holders.map(({container}) => container.name);
				return [
					noticed({
						id: 'shared-name',
						severity: 'info',
						summary: `on ${network.name} the name ${name} belongs to ${names.join(', ')}`,
						remedy: 'ask by the name of the container, or give each an alias of its own',
						evidence: [
							observed(`${names.join(', ')} answer to ${name}`, 'docker network inspect', `docker network inspect ${network.name}`),
						],
					}),
				];
			});
		});
	},
};
