import {isLoopback} from '../../address/ip.js';
import type {Evidence, MeshPort, Snapshot} from '../../model/index.js';
import {ownerOf} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
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
	atStop({snapshot, path}) {
		const {dst = '', dport, proto} = path.hops[0]?.packet ?? {};
		const mesh = meshOf(snapshot);
		if (!mesh || dport == null || path.to.kind === 'container' || isElsewhere(snapshot, dst)) return null;
		const rule = mesh.rules.find(text => text.includes(` --dport ${dport} `));
		const published = mesh.ports?.find(one => one.port === dport && one.proto === proto);
		if (published) return sayingOf(published, rule);
		return rule
			? {summary: `port ${dport} belongs to the Swarm's routing mesh, which does not lead on from here`, remedy, evidence: [seen(rule)]}
			: null;
	},
	onHost(snapshot) {
		const mesh = meshOf(snapshot);
		if (!mesh) return [];
		const ruled = ({port}: MeshPort) => mesh.rules.find(text => text.includes(` --dport ${port} `));
		// A service that should have no task is meant so.
		const broken = mesh.ports?.filter(one => one.desired !== 0 && (one.running === 0 || !ruled(one))).map(one => sayingOf(one, ruled(one)));
		return (broken ?? notThere(mesh)).map(saying => noticed({id: 'swarm-ingress', severity: 'warning', evidence: [], ...saying}));
	},
};

/** The mesh takes what is asked for at addresses of this host alone (addrtype --dst-type LOCAL). */
function isElsewhere({host}: Snapshot, dst: string): boolean {
	return host.addresses.read && !isLoopback(dst) && ownerOf(host, dst) === null;
}

interface Mesh {
	/** Rules of the chain DOCKER-INGRESS. */
	rules: string[];
	/** Published by the mesh; null where only a manager of the Swarm could tell. */
	ports: MeshPort[] | null;
	/** Running containers that are on the network ingress: they have a port that is published on every node. */
	tasks: string[];
}

/** null where this is no node of a Swarm, or not all rules were read. */
function meshOf(snapshot: Snapshot): Mesh | null {
	const engine = engineOf(snapshot);
	const network = engine?.networks.find(({name, driver}) => name === 'ingress' && driver === 'overlay');
	const rules = allRules(snapshot);
	if (!network || !rules) return null;
	const tasks = runningOf(snapshot).filter(({endpoints}) => endpoints.some(({networkId}) => networkId === network.id));
	const own = rules.filter(text => text.startsWith('-A DOCKER-INGRESS '));
	return {rules: own, ports: engine?.mesh ?? null, tasks: tasks.map(({name}) => name)};
}

function sayingOf({service, port, proto, running}: MeshPort, rule: string | undefined): Saying {
	const which = `${port}/${proto} of the service ${service}`;
	if (running === 0)
		return {
			summary: `${which} is published through the Swarm's routing mesh, and none of its tasks runs`,
			remedy: `see why no task runs: ${quote(['docker', 'service', 'ps', '--no-trunc', service])}`,
			evidence: [observed('0 tasks run', 'docker service ls', 'docker service ls')],
		};
	const why = rule ? 'which does not lead on from here' : 'but this host has no rule that leads to it: the mesh has not come up';
	return {summary: `${which} is published through the Swarm's routing mesh, ${why}`, remedy, evidence: [rule ? seen(rule) : unseen]};
}

/** Tasks have ports in the mesh, and no rule leads to any: it has not come up here. Which ports, only a manager knows. */
function notThere({rules, tasks}: Mesh): Saying[] {
	const [first] = tasks;
	if (first === undefined || rules.some(text => text.includes(' --dport '))) return [];
	const summary = `${first} is published through the Swarm's routing mesh, but this host has no rule that leads to it: the mesh has not come up`;
	return [{summary, remedy, evidence: [unseen]}];
}

function seen(rule: string): Evidence {
	return observed(rule, 'iptables-save', 'iptables -t nat -nvL DOCKER-INGRESS');
}

const unseen = observed('no rule of DOCKER-INGRESS names the port', 'iptables-save', 'iptables -t nat -S DOCKER-INGRESS; modprobe ip_vs');

const remedy = 'see whether ip_vs is there (modprobe ip_vs), or publish without the mesh: docker service update --publish-add mode=host,…';
