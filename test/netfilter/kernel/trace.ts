/** What the kernel did with one packet in one namespace. */
export interface Seen {
	/** "ip filter FORWARD 12": family, table, chain and handle of every rule that matched, in order. */
	rules: string[];
	/** "src:sport > dst:dport", each change of it. */
	tuples: string[];
	dropped: boolean;
	/** The base chain in which it was dropped. */
	droppedIn: string | null;
	/** All lines, for a failing test. */
	lines: string[];
}

/** One request: its first packet, the answer to it, and the first of those that follow. */
export type Role = 'request' | 'answer' | 'later';
export type Window = Partial<Record<Role, Seen>>;

/** Reads the text of `nft -a monitor trace`, cut into windows by the markers' ports `from` to `to`. */
export function parseTrace(text: string, from: number, to: number): Window[] {
	const windows: Window[] = Array.from({length: to - from + 1}, () => ({}));
	const current = new Map<string, Seen | null>();
	let window: Window = {};
	let closed = false;
	for (const line of text.split('\n')) {
		const [, id = '', place = '', rest = ''] = /^trace id (\S+) (\S+ \S+ \S+) (.*)$/.exec(line) ?? [];
		if (id === '') continue;
		// A packet on its way out of a device is shown without names of its fields: its id tells which it is.
		if (rest.startsWith('packet:') && !rest.includes('@nh,')) {
			const marker = Number(/udp dport (\d+) /.exec(rest)?.[1] ?? 0);
			// A marker that nothing was sent behind, or the one that ends all: what follows belongs to no request.
			if (rest.includes(' saddr 127.0.0.1 ') && marker >= from - 1 && marker <= to + 1)
				[window, closed] = [windows[marker - from] ?? {}, false];
			// The client's own ACK comes first; behind data, the other side acknowledges too.
			closed ||= /tcp flags (== )?(\S*psh|\S*fin|\S*rst|0x18|0x4|0x14|0x11)/.test(rest);
			const role = closed ? null : roleOf(rest);
			const packet = role && (window[role] ?? {rules: [], tuples: [], dropped: false, droppedIn: null, lines: []});
			if (role && packet) {
				window[role] = packet;
				const tuple = tupleOf(rest);
				if (packet.tuples.at(-1) !== tuple) packet.tuples.push(tuple);
			}
			current.set(id, packet);
			packet?.lines.push(line.slice(0, 200));
			continue;
		}
		const packet = current.get(id);
		if (!packet) continue;
		packet.lines.push(line);
		const handle = /# handle (\d+)/.exec(rest)?.[1];
		if (rest.startsWith('rule ') && handle !== undefined && !place.includes(' tracing ')) packet.rules.push(`${place} ${handle}`);
		if (/\(verdict drop\)|^policy drop/.test(rest)) Object.assign(packet, {dropped: true, droppedIn: place});
	}
	return windows;
}

/** By its flags or its length (a datagram of 7 bytes asks, one of 10 answers); null: a packet that is not followed. */
function roleOf(packet: string): Role | null {
	const flags = /tcp flags (?:== )?(\S+)/.exec(packet)?.[1];
	if (flags === 'syn' || flags === '0x2') return 'request';
	if (flags === 'syn|ack' || flags === '0x12') return 'answer';
	if (flags === 'ack' || flags === '0x10') return 'later';
	const length = /udp length (\d+)/.exec(packet)?.[1];
	return length === '15' ? 'request' : length === '18' ? 'answer' : null;
}

function tupleOf(packet: string): string {
	const field = (name: string) => new RegExp(`${name} (\\S+)`).exec(packet)?.[1] ?? '';
	return `${field('ip6? saddr')}:${field('(?:tcp|udp) sport')} > ${field('ip6? daddr')}:${field('(?:tcp|udp) dport')}`;
}
