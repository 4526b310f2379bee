import type {SeenConnection, SeenTuple} from '../model/index.js';
import {clean} from '../text/clean.js';

/** One line of `conntrack -E -o id,timestamp`; null for one of another form. */
export function conntrackLine(printed: string, place: string): SeenConnection | null {
	const line = clean(printed, printed.length);
	const match = /^\[(\d+)\.(\d+)\s*\]\s+\[(NEW|UPDATE|DESTROY)\]\s+(\S+)\s+\d+\s+(.*)$/.exec(line);
	if (!match) return null;
	const [, seconds, fraction = '', event = '', proto = '', rest = ''] = match;
	const tuples = [...rest.matchAll(/src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g)].map(tuple);
	const [original, reply] = tuples;
	if (!original || !reply) return null;
	return {
		place,
		us: Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6)),
		event,
		state: /\b([A-Z]+(?:_[A-Z0-9]+)*)\s+src=/.exec(rest)?.[1] ?? '',
		proto,
		original,
		reply,
		replied: !rest.includes('[UNREPLIED]'),
	};
}

function tuple(match: RegExpExecArray): SeenTuple {
	const [, src = '', dst = '', sport, dport] = match;
	return {src, dst, sport: Number(sport), dport: Number(dport)};
}
