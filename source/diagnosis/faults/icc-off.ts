import type {Fault} from '../fault.js';
import {askerOf, commonNetworks, targetOf} from '../inventory.js';

/** The network was made so that its containers do not reach each other. */
export const iccOff: Fault = {
	id: 'icc-off',
	words: {
		title: 'containers of this network may not talk to each other',
		about:
			'The network has the option enable_icc=false (or the engine icc: false): what goes from one of its containers to another is dropped.',
		more: ['The host sees frames between ports of one bridge only while br_netfilter is on; the rule stands in FORWARD.'],
		see: [['docker network inspect -f "{{json .Options}}" NETWORK', 'com.docker.network.bridge.enable_icc: false']],
		todo: [
			'Put both on a network without that option: `docker network create NETWORK`, `docker network connect NETWORK CONTAINER`, and `docker network disconnect` from this one.',
		],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		const [asker, target] = [askerOf(stop), targetOf(stop)];
		if (!asker || !target || hop.kind !== 'netfilter' || hop.of !== null) return null;
		const network = commonNetworks(snapshot, asker, target).find(
			({options}) => options['com.docker.network.bridge.enable_icc'] === 'false',
		);
		if (!network || hop.packet.iif !== network.bridge || hop.packet.oif !== network.bridge) return null;
		return {
			summary: `${network.name} was made with enable_icc=false: its containers may not talk to each other`,
			// As long as both are on the old one as well, the name leads there.
			remedy: `docker network create app && docker network connect app ${asker.name} && docker network connect app ${target.name} && docker network disconnect ${network.name} ${target.name}`,
		};
	},
};
