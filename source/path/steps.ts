import {bridge} from './bridge.js';
import {output} from './output.js';
import {receive} from './receive.js';
import {push} from './trail.js';
import {transmit} from './transmit.js';
import {type End, isEnd, type State, type Walk} from './walker.js';

/** Moves a packet on until it reaches a socket, leaves the host, or cannot be followed. */
export function travel(walk: Walk, from: State): End {
	let state = from;
	const been = new Set<string>();
	for (let step = 0; step < maxSteps; step++) {
		if (isEnd(state)) return state;
		const where = placeOf(state);
		if (been.has(where)) break;
		been.add(where);
		if (state.at === 'output') state = output(walk, state);
		else if (state.at === 'receive') state = receive(walk, state);
		else if (state.at === 'bridge') state = bridge(walk, state);
		else state = transmit(walk, state);
	}
	const site = state.at === 'bridge' ? walk.world.host : state.site;
	push(walk.trail, site, {
		kind: 'route',
		name: 'loop',
		packet: state.packet,
		cause: 'ttl-exceeded',
		says: 'the packet goes round in a loop',
	});
	return {at: 'nowhere', site, packet: state.packet};
}

/** Where a packet is and what decides about it: the second time there it is led on as it was the first time, until its TTL ends. */
function placeOf(state: Exclude<State, End>): string {
	const {iif, oif, src, dst, sport, dport, mark} = state.packet;
	const site = state.at === 'bridge' ? state.bridge : state.site.key;
	return [state.at, site, iif, oif, src, dst, sport, dport, mark].join(' ');
}

/** More namespaces than any TTL survives on one host. */
const maxSteps = 64;
