import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';

/** What the kernel says it did with one packet: the rules that matched, by base chain in its order, and how it ended. */
export interface Traced {
	/** "ip filter FORWARD 12": family, table, chain and handle of every rule that matched. */
	rules: string[];
	dropped: boolean;
	/** Addresses and ports as the last base chain saw them. */
	last: {src: string; dst: string; sport: string; dport: string} | null;
}

/** Runs `send` while `nft monitor trace` listens, and gives what it told of each first packet, by its source port as sent. */
export async function traced(enter: string[], send: () => Promise<void>): Promise<Map<string, Traced>> {
	const [program = '', ...args] = [...enter, 'nft', '-a', 'monitor', 'trace'];
	const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit']});
	let text = '';
	child.stdout.on('data', (chunk: Buffer) => {
		text += chunk.toString();
	});
	try {
		await wait(150);
		await send();
		for (let length = -1; length !== text.length; ) {
			length = text.length;
			await wait(120);
		}
	} finally {
		child.kill('SIGTERM');
		await once(child, 'exit');
	}
	return parseTrace(text);
}

/** Reads the text of `nft -a monitor trace`. A trace id is used again for later packets, so a packet is known by its id and IP id. */
export function parseTrace(text: string): Map<string, Traced> {
	const packets = new Map<string, Traced>();
	const current = new Map<string, Traced | null>();
	const sentFrom = new Map<string, string>();
	for (const line of text.split('\n')) {
		const [, id = '', place = '', rest = ''] = /^trace id (\S+) (\S+ \S+ \S+) (.*)$/.exec(line) ?? [];
		if (id === '') continue;
		if (rest.startsWith('packet:')) {
			const field = (name: string) => new RegExp(`${name} (\\S+)`).exec(rest)?.[1] ?? '';
			const ipId = field('ip id');
			const sport = sentFrom.get(ipId) ?? field('(?:tcp|udp) sport');
			const first = !packets.has(sport);
			if (first) sentFrom.set(ipId, sport);
			const mine = sentFrom.has(ipId);
			const packet = packets.get(sport) ?? {rules: [], dropped: false, last: null};
			if (mine) {
				packets.set(sport, packet);
				packet.last = {
					src: field('ip saddr'),
					dst: field('ip daddr'),
					sport: field('(?:tcp|udp) sport'),
					dport: field('(?:tcp|udp) dport'),
				};
			}
			current.set(id, mine ? packet : null);
			continue;
		}
		const packet = current.get(id);
		if (!packet) continue;
		const handle = /# handle (\d+)/.exec(rest)?.[1];
		if (rest.startsWith('rule ') && handle !== undefined) packet.rules.push(`${place} ${handle}`);
		if (/\(verdict drop\)|^policy drop/.test(rest)) packet.dropped = true;
	}
	return packets;
}
