import {canonical} from '../address/ip.js';
import type {Hop, Packet, TraceFilter, TracePlan} from '../model/index.js';

/**
 * Whether the packets of a hop are among those that were looked for in its place. A trace that waits for anybody knows the ways to ask only as
 * the engine publishes them: what another rule leads to the target is not seen before that rule.
 */
export function looksFor({asks, places}: TracePlan, place: string, {packet, packetAfter}: Pick<Hop, 'packet' | 'packetAfter'>): boolean {
	if (!asks) return true;
	const filters = places.find(({key}) => key === place)?.filters ?? [];
	return [packet, packetAfter].some(one => one !== null && filters.some(filter => fits(filter, one)));
}

function fits({ports: [low, high], address}: TraceFilter, {src, sport, dst, dport}: Packet): boolean {
	const isEnd = (at: string, port: number | null) =>
		port !== null && port >= low && port <= high && (address === null || address === canonical(at));
	return isEnd(dst, dport) || isEnd(src, sport);
}
