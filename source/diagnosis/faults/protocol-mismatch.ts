import type {Fault} from '../fault.js';
import {containerNamed, hostListeners, listenersOf, targetOf} from '../inventory.js';

/** The right port number, but of the other protocol. */
export const protocolMismatch: Fault = {
	id: 'protocol-mismatch',
	words: {
		title: 'the port is open for the other protocol',
		about: 'TCP and UDP ports of one number are two different ports. The program listens on one, and the other was asked for or published.',
		more: ['-p 53:53 publishes TCP alone; UDP needs -p 53:53/udp.'],
		see: [['nsenter -t PID -n ss -tuln', 'tcp or udp in the first column']],
		todo: ['Publish the protocol that the program uses (-p 53:53/udp).'],
	},
	atStop(stop) {
		const {hop, snapshot, path} = stop;
		if (hop.kind !== 'port' || hop.cause !== 'nothing-listens' || hop.port === null) return null;
		const other = hop.packet.proto === 'tcp' ? 'udp' : 'tcp';
		const container = containerNamed(snapshot, hop.of);
		const listeners = container ? (listenersOf(snapshot, container) ?? []) : hostListeners(snapshot, hop.port, other);
		if (!listeners.some(socket => socket.port === hop.port && socket.proto === other)) return null;
		const who = targetOf(stop)?.name ?? hop.of ?? 'the host';
		const asked = path.hops[0]?.packet.dport ?? hop.port;
		const published = targetOf(stop)?.published.find(one => one.port === hop.port && one.proto === other);
		if (published)
			return {
				summary: `${who} listens on ${hop.port}/${other}, not on ${hop.port}/${hop.packet.proto}, and publishes that one, as ${published.hostPort}/${other}`,
				remedy: `ask for ${who}:${hop.port}/${other}, or for ${published.hostPort}/${other} of this host`,
			};
		return {
			summary: `${who} listens on ${hop.port}/${other}, not on ${hop.port}/${hop.packet.proto}`,
			remedy: container ? `docker run -p ${asked}:${hop.port}/${other} …` : `ask for ${hop.port}/${other}`,
		};
	},
};
