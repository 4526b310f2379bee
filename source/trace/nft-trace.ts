import type {Hook, SeenPass} from '../model/index.js';
import {clean} from '../text/clean.js';

/**
 * Understands the lines of `nft -a monitor trace`, one after the other. A trace id goes with one packet through all base chains of a
 * namespace, and is used again later: each chain begins with a line that shows the packet's headers as they are there.
 * `now` gives microseconds since the epoch. `own` is the name of dockhop's own table, whose chains (prerouting_first, prerouting_last, …) mark the ends of every hook.
 */
export function nftTrace(
	place: string,
	own: string,
	now: () => number,
): {line(text: string): void; forget(us: number): void; passes: SeenPass[]} {
	const passes: SeenPass[] = [];
	const open = new Map<string, {pass: SeenPass; hooks: Record<'bridge' | 'ip', Hook | null>}>();
	return {
		passes,
		forget(us) {
			const kept = passes.findIndex(pass => pass.us >= us);
			passes.splice(0, kept === -1 ? passes.length : kept);
			for (const [id, {pass}] of open) if (pass.us < us) open.delete(id);
		},
		line(printed) {
			const text = clean(printed, printed.length);
			const [, id = '', family = '', table = '', chain = '', rest = ''] = /^trace id (\S+) (\S+) (\S+) (\S+) (.*)$/.exec(text) ?? [];
			if (id === '') return;
			const before = open.get(id);
			const layer = family === 'bridge' ? 'bridge' : 'ip';
			if (rest.startsWith('packet:')) {
				const hooks = before?.hooks ?? {bridge: null, ip: null};
				const mark = table === own ? /^(\w+)_(first|last)$/.exec(chain) : null;
				if (mark) hooks[layer] = mark[1] as Hook;
				const edge = (mark?.[2] as 'first' | 'last' | undefined) ?? null;
				const pass: SeenPass = {place, us: now(), hook: hooks[layer], layer, edge, ...headers(rest), rules: [], dropped: false};
				// Behind the last chain of a hook the next one is not known until its first chain is met.
				if (edge === 'last') hooks[layer] = null;
				passes.push(pass);
				open.set(id, {pass, hooks});
				return;
			}
			if (!before || table === own) return;
			const verdict = /\(verdict ([^)]*)\)\s*$/.exec(rest)?.[1] ?? (rest.startsWith('policy') ? rest.trim() : null);
			if (verdict === null) return;
			// "unknown": it came after nft had read the rules.
			const handle = /(?:#|unknown rule) handle (\d+)/.exec(rest)?.[1];
			const words = rest.replace(/^(unknown rule handle \d+|rule )/, '').replace(/ (# handle \d+ )?\(verdict [^)]*\)\s*$/, '');
			before.pass.rules.push({
				family,
				table: clean(table),
				chain: clean(chain),
				handle: handle === undefined ? null : Number(handle),
				text: clean(words.replace(/\bcounter packets \d+ bytes \d+ ?/g, '').trim(), 300),
				verdict: clean(verdict),
			});
			before.pass.dropped ||= /^(policy )?drop$/.test(verdict);
		},
	};
}

function headers(text: string): Pick<SeenPass, 'packet' | 'flags'> {
	const field = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(text)?.[1] ?? null;
	const port = (name: string) => {
		const value = field(`(?:tcp|udp|th) ${name}`);
		return value === null ? null : Number(value);
	};
	const unquoted = (name: string) => field(name)?.replace(/"/g, '') ?? null;
	return {
		packet: {
			iif: unquoted('iif'),
			oif: unquoted('oif'),
			src: field('ip6? saddr') ?? '',
			dst: field('ip6? daddr') ?? '',
			sport: port('sport'),
			dport: port('dport'),
			proto: /\budp sport/.test(text) ? 'udp' : 'tcp',
		},
		flags: flagNames(/tcp flags (?:== )?(\S+(?: ?[|,] ?\S+)*)/.exec(text)?.[1] ?? ''),
	};
}

/** "syn", "ack", "fin,ack", "0x12": nft prints names where it has one for the value, else the value. */
function flagNames(text: string): string[] {
	const value = /^0x([0-9a-f]+)/i.exec(text)?.[1];
	if (value === undefined) return text.split(/[,|\s]+/).filter(name => bits.some(([, known]) => known === name));
	const number = Number.parseInt(value, 16);
	return bits.flatMap(([bit, name]) => (number & bit ? [name] : []));
}

const bits: [number, string][] = [
	[0x01, 'fin'],
	[0x02, 'syn'],
	[0x04, 'rst'],
	[0x08, 'psh'],
	[0x10, 'ack'],
];
