import {canonical} from '../../address/ip.js';
import type {Finding} from '../../model/index.js';
import {addressesOf, linkNamed} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {bridgeNetworks} from '../inventory.js';

/** A network's bridge is gone, or has lost the address that is its containers' gateway. */
export const bridgeLost: Fault = {
	id: 'bridge-lost',
	words: {
		title: 'the bridge of a network is gone or has lost its address',
		about:
			"The network's Linux bridge is not there, or does not carry the gateway's address any more: its containers reach each other at most, and nothing reaches them.",
		more: ['Network managers that take over foreign links, and hands that clear up, do that.'],
		see: [['ip addr show BRIDGE', 'the gateway of the network as its address']],
		todo: ['`ip addr add GATEWAY/LENGTH dev BRIDGE`; where the bridge itself is gone: `systemctl restart docker`.'],
	},
	onHost(snapshot) {
		const {host} = snapshot;
		if (!host.links.read || !host.addresses.read) return [];
		return bridgeNetworks(snapshot).flatMap(({network}): Finding[] => {
			const {bridge, name, subnets, internal, options} = network;
			const found = (summary: string, remedy: string, command: string): Finding[] => [
				{id: 'bridge-lost', severity: 'error', hop: null, summary, remedy, evidence: [observed(summary, 'ip addr', command)]},
			];
			if (!linkNamed(host, bridge))
				return found(`${bridge}, the bridge of ${name}, is not there`, 'systemctl restart docker', `ip link show ${bridge}`);
			if (internal || Object.entries(options).some(([key, value]) => ownAddressless.test(`${key}=${value}`))) return [];
			return subnets.flatMap(({subnet, gateway}) => {
				if (gateway === null || subnet.includes(':')) return [];
				if (addressesOf(host, 4, bridge).some(({address}) => canonical(address) === canonical(gateway))) return [];
				const length = subnet.split('/')[1];
				return found(
					`${bridge} has lost ${gateway}, the gateway of ${name}`,
					quote(['ip', 'addr', 'add', `${gateway}/${length}`, 'dev', bridge]),
					`ip addr show ${bridge}`,
				);
			});
		});
	},
};

/** Networks whose bridge is meant to have no address of its own. */
const ownAddressless = /inhibit_ipv4=true|gateway_mode_ipv4=isolated/;
