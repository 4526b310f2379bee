import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {containerNamed, listenersOf, portList, targetOf} from '../inventory.js';
import {inNamespace} from '../stop.js';

/** Nothing listens on the port that was asked for, but the program listens on another one. */
export const wrongPort: Fault = {
	id: 'wrong-port',
	words: {
		title: 'the program listens on another port',
		about: 'The request reaches the container, but its program listens on another port than the one that is asked for or published.',
		more: ['The number behind the colon of -p 8080:80 is the port inside the container. EXPOSE in an image is a note and opens nothing.'],
		see: [['nsenter -t PID -n ss -tlnp', 'the ports that are really listened on']],
		todo: ['Publish the port that the program listens on (-p 8080:3000), or tell the program to listen on the other one.'],
	},
	atStop(stop) {
		const {hop, snapshot, path} = stop;
		const container = containerNamed(snapshot, hop.of);
		if (hop.kind !== 'port' || hop.cause !== 'nothing-listens' || !container || hop.port === null) return null;
		const target = targetOf(stop) ?? container;
		const others = listenersOf(snapshot, container)?.filter(({proto, port}) => proto === hop.packet.proto && port !== hop.port) ?? [];
		const [other] = others;
		if (!other) return null;
		const asked = path.hops[0]?.packet.dport ?? null;
		const isPublished = target.published.some(one => one.port === hop.port && one.hostPort === asked);
		return {
			summary: `${target.name} listens on ${portList(others)}, not on ${hop.port}/${hop.packet.proto}`,
			remedy: isPublished
				? `docker run -p ${asked}:${other.port} …`
				: `ask for port ${other.port}, or let the program listen on ${hop.port}`,
			evidence: [observed(`it listens on ${portList(others)}`, 'ss', inNamespace(stop, 'ss', '-tulnp'))],
		};
	},
};
