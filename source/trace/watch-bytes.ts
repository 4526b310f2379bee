import type {SeenBytes, TraceFilter} from '../model/index.js';
import {listen} from './listener.js';
import {tcpdumpLine} from './tcpdump.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/**
 * Sees the first bytes of what TCP clients send: docker-proxy passes them on unchanged, so that its second connection is known by them.
 * As hexadecimal digits: no byte of a stranger's request is read as a line.
 */
export async function watchBytes(place: string, enter: readonly string[], filters: readonly TraceFilter[]): Promise<Watcher<SeenBytes>> {
	const options = ['-i', 'any', '-nn', '-l', '-tt', '-x', '--immediate-mode', '-s', '400', '-B', '4096', '-Z', 'root'];
	let seen: SeenBytes[] = [];
	let open: {bytes: SeenBytes; hex: string} | null = null;
	const finish = () => {
		if (open) seen.push({...open.bytes, hex: payloadOf(open.hex)});
		open = null;
	};
	const dump = listen([...enter, 'tcpdump', ...options, bytesFilter(filters)], text => {
		const digits = /^\t0x[0-9a-f]+: +([0-9a-f ]+)$/.exec(text)?.[1];
		if (digits !== undefined) {
			if (open) open.hex += digits.replaceAll(' ', '');
			return;
		}
		finish();
		const line = tcpdumpLine(text, place);
		if (line && 'packet' in line) {
			const {us, src, sport, dst, dport} = line.packet;
			open = {bytes: {us, src, sport, dst, dport, hex: ''}, hex: ''};
		}
	});
	if (!(await dump.until(() => dump.said.includes('listening on any'), 5000))) {
		await dump.stop();
		return blind(whyBlind('tcpdump', dump));
	}
	const events = () => {
		finish();
		return seen;
	};
	const forget = (us: number) => {
		seen = seen.filter(one => one.us >= us);
		dump.forget();
	};
	return {
		gap: () => null,
		events,
		forget,
		check: async () => {},
		lastLine: () => dump.lastLine,
		caughtUp: async () => true,
		stop: dump.stop,
	};
}

/** Packets with the flag PSH (RFC 9293: byte 13 of the TCP header; behind an IPv6 header of 40 bytes byte 53) towards these ports. */
function bytesFilter(filters: readonly TraceFilter[]): string {
	const towards = filters.map(({ports: [low, high], address, shared, peers = []}) => {
		const ports = `portrange ${low}-${high}`;
		const from = peers.length > 0 ? ` and (${peers.map(peer => `src host ${peer}`).join(' or ')})` : '';
		if (address === null && shared) return `dst ${ports}`;
		return address === null ? `src ${ports}` : `(dst ${ports} and dst host ${address}${from})`;
	});
	return `tcp and (${towards.join(' or ')}) and ((ip and tcp[13] & 8 != 0) or (ip6 and ip6[53] & 8 != 0))`;
}

/** What stands behind the IP and TCP headers, at most 256 bytes. */
function payloadOf(hex: string): string {
	const byte = (at: number) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
	const ip = hex.startsWith('6') ? 40 : (byte(0) & 15) * 4;
	const tcp = (byte(ip + 12) >> 4) * 4;
	return hex.slice((ip + tcp) * 2, (ip + tcp + 256) * 2);
}
