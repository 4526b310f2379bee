import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {engineOf} from '../inventory.js';
import {allRules} from '../rule-texts.js';

/** A port of a Swarm service that is published through the routing mesh, which does not come up or leads nowhere. */
export const swarmIngress: Fault = {
	id: 'swarm-ingress',
	words: {
		title: "the Swarm's routing mesh does not lead on",
		about:
			'A service publishes its port on every node through the network ingress: rules (DOCKER-INGRESS) lead into a namespace of its own, where IPVS shares the connections out. Without the kernel module ip_vs, or with ports 7946 and 4789/udp closed between the nodes, connections open and stay without an answer, or are refused.',
		more: ['127.0.0.1 is led there as well, ::1 is not.', 'IPVS forgets connections that are idle for 15 minutes: they end with a reset.'],
		see: [
			['modprobe ip_vs', 'an error where the kernel has no such module'],
			['nsenter --net=/run/docker/netns/ingress_sbox ipvsadm -Ln', 'the tasks behind each port'],
		],
		todo: [
			'Publish with mode=host (--publish mode=host,target=80,published=8080), or load ip_vs and open 7946/tcp+udp and 4789/udp between the nodes.',
		],
	},
	atStop({snapshot, path}) {
		const port = path.hops[0]?.packet.dport ?? null;
		const isSwarm = engineOf(snapshot)?.networks.some(({name, driver}) => name === 'ingress' && driver === 'overlay');
		if (!isSwarm || port === null || path.to.kind === 'container') return null;
		const rule = allRules(snapshot)?.find(text => text.startsWith('-A DOCKER-INGRESS ') && text.includes(` --dport ${port} `));
		if (!rule) return null;
		return {
			summary: `port ${port} belongs to the Swarm's routing mesh, which does not lead on from here`,
			remedy: 'docker service update --publish-rm … --publish-add mode=host,…, or see whether ip_vs is there: modprobe ip_vs',
			evidence: [observed(rule, 'iptables-save', 'iptables -t nat -nvL DOCKER-INGRESS')],
		};
	},
};
