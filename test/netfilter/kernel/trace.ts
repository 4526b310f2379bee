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

/** One request: its first packet, the answer to it, the first of those that follow, and the first that answers them. */
export type Role = 'request' | 'answer' | 'later' | 'followed';
export type Window = Partial<Record<Role, Seen>>;

/** Reads the text of `nft -a monitor trace`, cut into windows by the markers' ports from `from` on; `clients`: the client's port in each. */
export function parseTrace(text: string, from: number, clients: number[]): Window[] {
	const to = from + clients.length - 1;
	const windows: Window[] = clients.map(() => ({}));
	const current = new Map<string, Seen | null>();
	let window: Window = {};
	let roles = new Roles(0);
	for (const line of text.split('\n')) {
		const [, id = '', place = '', rest = ''] = /^trace id (\S+) (\S+ \S+ \S+) (.*)$/.exec(line) ?? [];
		if (id === '') continue;
		// A packet on its way out of a device is shown without names of its fields: its id tells which it is.
		if (rest.startsWith('packet:') && !rest.includes('@nh,')) {
			const marker = Number(/udp dport (\d+) /.exec(rest)?.[1] ?? 0);
			// A marker that nothing was sent behind, or the one that ends all: what follows belongs to no request.
			if (rest.includes(' saddr 127.0.0.1 ') && marker >= from - 1 && marker <= to + 1)
				[window, roles] = [windows[marker - from] ?? {}, new Roles(clients[marker - from] ?? 0)];
			const role = roles.of(rest);
			const known = role && (window[role] ?? {rules: [], tuples: [], dropped: false, droppedIn: null, lines: []});
			// A packet meets a chain once: this is the same one sent again.
			const again = role !== null && !roles.enters(role, place);
			const packet = again ? null : known;
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

/** Which packet of a request each is, told by its direction, its flags and its length, and by what came before it. */
class Roles {
	readonly #client: number;
	#dataSent = false;
	/** Flags and length of the first packet that answered the client's data. */
	#followed: string | null = null;
	#places = new Set<string>();
	#over = new Set<Role>();

	/** `client`: the port that only this request has, in each of its packets. */
	constructor(client: number) {
		this.#client = client;
	}

	of(packet: string): Role | null {
		const id = idOf(packet);
		if (id !== null) return id !== this.#client ? null : packet.includes(' echo-request ') ? 'request' : 'answer';
		const asks = packet.includes(`sport ${this.#client} `);
		// A late answer to an earlier request has another client's port.
		if (!asks && !packet.includes(`dport ${this.#client} `)) return null;
		const flags = flagsOf(packet);
		if (flags === null) return asks ? 'request' : 'answer';
		if (asks) {
			if (/psh|rst|fin/.test(flags)) this.#dataSent = true;
			return flags === 'syn' ? 'request' : flags === 'ack' ? 'later' : null;
		}
		if (flags === 'syn|ack') return 'answer';
		if (!this.#dataSent || !/^(psh\|)?ack$/.test(flags)) return null;
		const key = `${flags} ${/ip6? length (\d+)/.exec(packet)?.[1]}`;
		this.#followed ??= key;
		return this.#followed === key ? 'followed' : null;
	}

	/** Whether the packet of this role comes into a chain where it was not yet. */
	enters(role: Role, place: string): boolean {
		if (this.#places.has(`${role} ${place}`)) this.#over.add(role);
		this.#places.add(`${role} ${place}`);
		return !this.#over.has(role);
	}
}

/** The identifier of an echo; nft shows the one of ICMPv6 as half of another field. */
function idOf(packet: string): number | null {
	const id = /icmp id (\d+)/.exec(packet)?.[1];
	const both = /icmpv6 parameter-problem (\d+)/.exec(packet)?.[1];
	return id !== undefined ? Number(id) : both !== undefined ? Number(both) >>> 16 : null;
}

function flagsOf(packet: string): string | null {
	const text = /tcp flags (?:== )?(\S+)/.exec(packet)?.[1];
	if (text === undefined) return null;
	const value = Number(text);
	const set = Number.isNaN(value) ? text.split('|') : names.filter((_, bit) => value & (1 << bit));
	return names.filter(name => set.includes(name)).join('|');
}

/** By their bits, the lowest first. */
const names = ['fin', 'syn', 'rst', 'psh', 'ack'];

function tupleOf(packet: string): string {
	const field = (name: string) => new RegExp(`${name} (\\S+)`).exec(packet)?.[1] ?? '';
	return `${field('ip6? saddr')}:${field('(?:tcp|udp|sctp) sport')} > ${field('ip6? daddr')}:${field('(?:tcp|udp|sctp) dport')}`;
}
