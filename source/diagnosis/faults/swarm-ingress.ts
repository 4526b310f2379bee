import type {Snapshot} from '../../model/index.js';
import {noticed, observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {engineOf, runningOf} from '../inventory.js';
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
	atStop({hop, snapshot, path}) {
		const port = path.hops[0]?.packet.dport ?? null;
		const mesh = meshOf(snapshot);
		if (!mesh || port === null || path.to.kind === 'container') return null;
		const rule = mesh.rules.find(text => text.includes(` --dport ${port} `));
		if (rule) {
			const evidence = [observed(rule, 'iptables-save', 'iptables -t nat -nvL DOCKER-INGRESS')];
			return {summary: `port ${port} belongs to the Swarm's routing mesh, which does not lead on from here`, remedy, evidence};
		}
		return hop.cause === 'nothing-listens' && hop.of === null ? notThere(mesh) : null;
	},
	onHost(snapshot) {
		const mesh = meshOf(snapshot);
		const saying = mesh && notThere(mesh);
		return saying ? [noticed({id: 'swarm-ingress', severity: 'warning', evidence: [], ...saying})] : [];
	},
};

interface Mesh {
	/** Rules of the chain DOCKER-INGRESS. */
	rules: string[];
	/** Running containers that are on the network ingress: they have a port that is published on every node. */
	tasks: string[];
}

/** null where this is no node of a Swarm, or not all rules were read. */
function meshOf(snapshot: Snapshot): Mesh | null {
	const network = engineOf(snapshot)?.networks.find(({name, driver}) => name === 'ingress' && driver === 'overlay');
	const rules = allRules(snapshot);
	if (!network || !rules) return null;
	const tasks = runningOf(snapshot).filter(({endpoints}) => endpoints.some(({networkId}) => networkId === network.id));
	return {rules: rules.filter(text => text.startsWith('-A DOCKER-INGRESS ')), tasks: tasks.map(({name}) => name)};
}

/** Tasks have ports in the mesh, and no rule leads to any: it has not come up here. */
function notThere({rules, tasks}: Mesh): Saying | null {
	const [first] = tasks;
	if (first === undefined || rules.some(text => text.includes(' --dport '))) return null;
	return {
		summary: `${first} is published through the Swarm's routing mesh, but this host has no rule that leads to it: the mesh has not come up`,
		remedy,
		evidence: [observed('no rule of DOCKER-INGRESS names a port', 'iptables-save', 'iptables -t nat -S DOCKER-INGRESS; modprobe ip_vs')],
	};
}

const remedy = 'see whether ip_vs is there (modprobe ip_vs), or publish without the mesh: docker service update --publish-add mode=host,…';
