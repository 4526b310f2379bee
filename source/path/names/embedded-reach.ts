import type {Gap} from '../../model/index.js';
import {listenerFor} from '../../snapshot/netns.js';
import {firstPacket} from '../start.js';
import {travel} from '../steps.js';
import {newTrail} from '../trail.js';
import type {Walk} from '../walker.js';
import type {Site, World} from '../world.js';

/**
 * Whether a query of this namespace reaches the embedded DNS: a rule of the namespace leads 127.0.0.11:53 to the socket that the engine
 * holds in there (libnetwork resolver). null: it does.
 */
export function embeddedTrouble(world: World, site: Site): {says: string} | {gap: Gap} | null {
	if (!site.facts.sockets.read || !site.container) return null;
	const goal = {container: null, address: server, port: 53, proto: 'udp'};
	const walk: Walk = {world, table: new Map(), touched: new Map(), trail: newTrail(), goal, role: 'later'};
	const packet = firstPacket({kind: 'container', site, name: site.container.name}, server, 53, 'udp');
	const end = travel(walk, {at: 'output', site, packet, bound: null});
	const stop = walk.trail.hops.find(hop => hop.verdict !== 'passes');
	if (stop?.verdict === 'blocks') return {says: `its queries do not reach the embedded DNS: ${stop.says}`};
	if (stop?.unknown) return {gap: {...stop.unknown, why: `whether its queries reach the embedded DNS: ${stop.says}`}};
	if (end.at === 'socket' && listenerFor(end.site.facts, end.packet)) return null;
	return {says: `nothing answers its queries at ${end.packet.dst}:${end.packet.dport}: the engine's rules in this namespace are gone`};
}

const server = '127.0.0.11';
