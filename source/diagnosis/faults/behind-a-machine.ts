import type {Finding} from '../../model/index.js';
import {noticed, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {engineOf, targetOf} from '../inventory.js';

/** The engine's networks are in a virtual machine or in the namespace of a user: the host does not reach addresses of containers. */
export const behindAMachine: Fault = {
	id: 'behind-a-machine',
	words: {
		title: "the engine's networks are not on this host itself",
		about:
			'Docker Desktop runs its engine in a virtual machine, a rootless engine in a network namespace of its own: bridges and addresses of containers exist only there. From the host only published ports lead in. Not tested live.',
		more: [
			'Ports below 1024 cannot be published by a rootless engine without net.ipv4.ip_unprivileged_port_start.',
			'The program sees an address of the machine as its client, and 127.0.0.1 of the host is not reachable from a container except by host.docker.internal.',
			'After the computer has slept, Docker Desktop may have lost its published ports: restart it.',
		],
		see: [['docker info', '"Operating System: Docker Desktop", or rootless among the security options']],
		todo: ['Publish the port (-p), and ask at 127.0.0.1.'],
	},
	onPath(snapshot, path): Finding[] {
		const engine = engineOf(snapshot);
		const target = targetOf({snapshot, path});
		const dst = path.hops[0]?.packet.dst;
		if (!engine || (engine.flavour !== 'desktop' && engine.flavour !== 'rootless') || !target || path.from.kind === 'container') return [];
		if (!target.endpoints.some(({address, address6}) => address === dst || address6 === dst)) return [];
		const where = engine.flavour === 'desktop' ? 'the virtual machine of Docker Desktop' : 'the namespace of the rootless engine';
		return [
			noticed({
				id: 'behind-a-machine',
				severity: 'info',
				summary: `${dst} is an address inside ${where}: the host itself has no way to it`,
				remedy: `docker run -p ${path.to.port}:${path.to.port} …, and ask at 127.0.0.1:${path.to.port}`,
				evidence: [observed(engine.operatingSystem, 'docker info', 'docker info')],
			}),
		];
	},
};
