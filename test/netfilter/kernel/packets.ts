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
	/** Of what is no TCP. Absent: 64. */
	ttl?: number;
	/** Of what is no TCP. Absent: 0. */
	tos?: number;
}

/** Requests between all places, over both families, with source ports from `firstPort` on. */
export function packets(choices: Choices, count: number, firstPort: number): Sent[] {
	return Array.from({length: count}, (_, index) => {
		const from = choices.one(origins);
		const family = choices.below(3) === 0 ? 6 : 4;
		const to = choices.one(targets.filter(place => place !== from || place === 'host'));
		const loopback = from === 'host' && to === 'host' && choices.below(2) === 0;
		const proto = choices.one(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'icmp', 'sctp'] as const);
		const odd = family === 4 && choices.chance(20);
		return {
			from,
			family,
			proto,
			...(proto !== 'tcp' && choices.chance(5) ? {ttl: choices.one([1, 2, 3])} : {}),
			...(proto === 'icmp' && choices.chance(4) ? {tos: 0x20} : {}),
			dst: odd ? routedHere : loopback ? (family === 4 ? '127.0.0.1' : '::1') : choices.one(addressesOf(to, family)),
			dport: choices.one([80, 80, ...ports, silentPort, nobodysPort]),
			sport: firstPort + index,
		};
	});
}

const nobodysPort = 9999;
/** An address that is the host's by a route alone, where that is there. */
const routedHere = '10.99.9.9';
const origins: PlaceName[] = ['lan', 'lan', 'host', 'a', 'b', 'c'];
const targets: PlaceName[] = ['host', 'host', 'a', 'b', 'c', 'lan', 'far'];

export function isContainer(place: PlaceName): place is ContainerName {
	return place in containers;
}
