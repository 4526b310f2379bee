import {bridge} from './bridge.js';
import {output} from './output.js';
import {receive} from './receive.js';
import {push} from './trail.js';
import {transmit} from './transmit.js';
import {type End, isEnd, type State, type Walk} from './walker.js';

/** Moves a packet on until it reaches a socket, leaves the host, or cannot be followed. */
export function travel(walk: Walk, from: State): End {
	let state = from;
	for (let step = 0; step < maxSteps; step++) {
		if (isEnd(state)) return state;
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

/** More namespaces than any TTL survives on one host. */
const maxSteps = 64;
