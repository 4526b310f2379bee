import {canonical} from '../address/ip.js';
import type {SeenPacket, Trace, TracePlan} from '../model/index.js';
import type {Line} from './captured-line.js';

/** A connection that a client elsewhere opened. */
export interface Followed {
	client: NonNullable<Trace['client']>;
	/** Microseconds of its first packet. */
	us: number;
}

/**
 * Follows the connections that clients elsewhere open after `begin` (microseconds since the epoch), each until it is over: closed, or silent
 * for longer than a client waits before it asks again, or as old as `longestMs`. At most `most` at a time; those that come beyond are counted.
 */
export function followClients(plan: Pick<TracePlan, 'first' | 'entry' | 'asks'>, most: number, longestMs: number) {
	const open = new Map<string, Followed & {began: number; lastAt: number; closed: boolean}>();
	let from = Number.POSITIVE_INFINITY;
	let missed = 0;
	let lastAt = performance.now();
	/** Those that are over wait until they are taken, which is bounded as well. */
	const hasRoom = () => open.size < most * 16 && [...open.values()].filter(({closed}) => !closed).length < most;
	const keyOf = (address: string, port: number) => `${address} ${port}`;
	return {
		begin(us: number): void {
			from = us;
			lastAt = performance.now();
		},
		hear(line: Line): void {
			if (!('packet' in line) || line.packet.us < from) return;
			const {packet} = line;
			const {us, src, sport, dst, dport} = packet;
			const now = performance.now();
			const known = open.get(keyOf(src, sport)) ?? open.get(keyOf(dst, dport));
			if (known) {
				known.lastAt = now;
				known.closed ||= packet.flags.includes('fin') || packet.flags.includes('rst');
			} else if (isFirst(plan, packet)) {
				lastAt = now;
				if (hasRoom()) open.set(keyOf(src, sport), {client: {address: src, port: sport}, us, began: now, lastAt: now, closed: false});
				else missed++;
			}
		},
		/** Those that are over, or all; each is given once. */
		take(all = false): Followed[] {
			const now = performance.now();
			const over = [...open].filter(
				([, one]) => all || now - one.lastAt > (one.closed ? closedMs : quietMs) || now - one.began > longestMs,
			);
			for (const [key] of over) open.delete(key);
			return over.map(([, {client, us}]) => ({client, us}));
		},
		/** How many are followed now. */
		open: (): number => open.size,
		/** Microseconds of the first packet of those that are open; null: none is. */
		oldest: (): number | null => (open.size > 0 ? Math.min(...[...open.values()].map(({us}) => us)) : null),
		/** How many came beyond `most`, since this was last asked. */
		missed(): number {
			const count = missed;
			missed = 0;
			return count;
		},
		/** Milliseconds since the last one was opened (or it began). */
		idleMs: (): number => performance.now() - lastAt,
	};
}

/** The packet that opens a connection to what is asked for, as it comes in (where whoever asks is waited for: wherever it is seen first); of UDP any. */
function isFirst({first: {proto, ports, address}, entry, asks}: Pick<TracePlan, 'first' | 'entry' | 'asks'>, packet: SeenPacket): boolean {
	if (packet.proto !== proto || (proto === 'tcp' && (!packet.flags.includes('syn') || packet.flags.includes('ack')))) return false;
	const {place, dst, dport} = packet;
	if (asks) return asks.some(one => one.place === place && one.port === dport && one.address === canonical(dst));
	const comes = place === 'host' && packet.direction === 'in' && (entry === null || packet.interface === entry);
	return comes && dport >= ports[0] && dport <= ports[1] && (address === null || dst === address);
}

/** A client sends its SYN again after 1 and 3 seconds: so long silence may still be waiting. */
const quietMs = 3500;
const closedMs = 80;
