import {setTimeout as sleep} from 'node:timers/promises';
import type {SeenPacket, Trace, TraceFilter, TracePlan} from '../model/index.js';
import type {Line} from './tcpdump.js';

/**
 * Waits for the first connection that a client elsewhere opens after `begin` (microseconds since the epoch), until it is over or the time
 * is up; then `client` says whose it was.
 */
export function followClient({first: asked, entry}: Pick<TracePlan, 'first' | 'entry'>): {
	begin(us: number): void;
	hear(line: Line): void;
	over(ms: number, signal: AbortSignal): Promise<void>;
	client(): Trace['client'];
} {
	let from = Number.POSITIVE_INFINITY;
	let first: SeenPacket | null = null;
	let lastAt = 0;
	let closed = false;
	return {
		begin(us) {
			from = us;
		},
		hear(line) {
			if (!('packet' in line)) return;
			const {packet} = line;
			if (!first && packet.us >= from && isFirst(asked, entry, packet)) first = packet;
			if (!first || ![packet.sport, packet.dport].includes(first.sport)) return;
			lastAt = performance.now();
			closed ||= packet.flags.includes('fin') || packet.flags.includes('rst');
		},
		client: () => first && {address: first.src, port: first.sport},
		async over(ms, signal) {
			const limit = performance.now() + ms;
			while (performance.now() < limit) {
				await sleep(20, undefined, {signal});
				if (first && performance.now() - lastAt > (closed ? closedMs : quietMs)) return;
			}
		},
	};
}

/** The packet that opens a connection to what is asked for, as it comes in; of UDP any. */
function isFirst({proto, ports: [low, high], address}: TraceFilter, entry: string | null, packet: SeenPacket): boolean {
	const comes = packet.place === 'host' && packet.direction === 'in' && (entry === null || packet.interface === entry);
	const asks =
		comes && packet.proto === proto && packet.dport >= low && packet.dport <= high && (address === null || packet.dst === address);
	return asks && (proto === 'udp' || (packet.flags.includes('syn') && !packet.flags.includes('ack')));
}

/** A client sends its SYN again after 1 and 3 seconds: so long silence may still be waiting. */
const quietMs = 3500;
const closedMs = 80;
