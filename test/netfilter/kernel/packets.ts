import type {Choices} from './choices.js';
import {addressesOf, type ContainerName, containers, type PlaceName, ports, silentPort} from './topology.js';

/** One request to send. */
export interface Sent {
	from: PlaceName;
	family: 4 | 6;
	/** icmp: an echo request, of ICMPv6 where the address is one; sport is its identifier. sctp: the first packet of an association. */
	proto: 'tcp' | 'udp' | 'icmp' | 'sctp';
	dst: string;
	dport: number;
	sport: number;
}

/** Requests between all places, over both families, with source ports from `firstPort` on. */
export function packets(choices: Choices, count: number, firstPort: number): Sent[] {
	return Array.from({length: count}, (_, index) => {
		const from = choices.one(origins);
		const family = choices.below(3) === 0 ? 6 : 4;
		const to = choices.one(targets.filter(place => place !== from || place === 'host'));
		const loopback = from === 'host' && to === 'host' && choices.below(2) === 0;
		return {
			from,
			family,
			proto: choices.one(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'icmp', 'sctp'] as const),
			dst: loopback ? (family === 4 ? '127.0.0.1' : '::1') : choices.one(addressesOf(to, family)),
			dport: choices.one([80, 80, ...ports, silentPort, nobodysPort]),
			sport: firstPort + index,
		};
	});
}

const nobodysPort = 9999;
const origins: PlaceName[] = ['lan', 'lan', 'host', 'a', 'b', 'c'];
const targets: PlaceName[] = ['host', 'host', 'a', 'b', 'c', 'lan', 'far'];

export function isContainer(place: PlaceName): place is ContainerName {
	return place in containers;
}
