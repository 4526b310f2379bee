import type {Hop, Verdict} from '../model/index.js';
import type {Observed, Proof} from '../proof/proof.js';
import {bar} from './bar.js';
import {briefHopCell, hopCell, inSeveral, mostHop} from './hops.js';
import {type Row, type Table, tableOf} from './table.js';
import {endWords} from './words/en.js';
import {microseconds} from './words/times.js';

/** What the table of a trace is made of. */
export type TraceFacts = Pick<Proof, 'path' | 'observed' | 'reply' | 'differs' | 'latency' | 'repeated'>;

/** Id of the row that stands for the whole way back. */
export const answerRow = 'answer';

/**
 * The table of a trace: each hop with whether, when (microseconds since the first packet) and as what the request was seen there, and what
 * of the time it took; then the answer. Row ids are indexes into `hops`. `where`: with the column of that name.
 */
export function traceTable(facts: TraceFacts, {where}: {where: boolean}): Table {
	const {path, observed, differs, latency} = facts;
	const rows = path.hops.map((hop, index) => ({hop, index, seen: observed[index]}));
	const several = inSeveral(path.hops);
	const most = mostTime(facts);
	const table = tableOf<(typeof rows)[number]>(
		[
			{title: '#', align: 'right', cell: ({index}) => String(index + 1)},
			...(where ? [{title: 'WHERE', cell: ({hop}: {hop: Hop}) => hop.where}] : []),
			{title: 'HOP', shrink: 2, most: mostHop, cell: ({hop}) => hopCell(hop, several), brief: ({hop}) => briefHopCell(hop, several)},
			{title: 'SEEN', cell: ({seen, index}) => (seen ? seenWord(seen.seen) : '') + (differs.includes(index) ? ' !' : '')},
			{title: 'µs', align: 'right', cell: ({seen}) => String(seen?.packets[0]?.us ?? '')},
			{title: 'TOOK', cell: ({index}) => bar(latency.hops[index] ?? null, most)},
			{
				title: 'PACKET',
				shrink: 1,
				cell: ({hop, seen, index}) => packetWord(hop, seen, latency.hops[index] ?? null),
				brief: ({seen}) => briefPacket(seen),
			},
		],
		rows,
		({index}) => String(index),
		// What was not seen of a request that ended nobody knows where is not green.
		({hop, seen}) => (path.verdict === 'undetermined' && seen && seen.seen !== true ? 'undetermined' : hop.verdict),
	);
	const back = answerOf(facts, most, where);
	return back ? {...table, rows: [...table.rows, back]} : table;
}

/** The way back in the same columns. */
export function replyFacts(facts: TraceFacts): TraceFacts {
	const {path, reply, latency} = facts;
	return {
		...facts,
		path: {...path, hops: path.reply?.hops ?? []},
		observed: reply,
		reply: [],
		differs: [],
		latency: {...latency, hops: latency.reply},
	};
}

/** Whether the answer came back as far as it can be seen; null: it cannot. */
export function answerSeen({path, reply}: Pick<TraceFacts, 'path' | 'reply'>): boolean | null {
	if (path.lost === 'answer') return false;
	if (reply.some(({seen}) => seen === false)) return false;
	if (!reply.some(({seen}) => seen === true)) return null;
	// Behind docker-proxy one part of the way says nothing of the other.
	return path.verdict === 'delivered' || reply.every(({seen}) => seen === true) ? true : null;
}

function answerOf(facts: TraceFacts, most: number, where: boolean): Row | null {
	const {path, reply, repeated} = facts;
	if (!path.reply || !reply.some(({seen}) => seen !== null)) return null;
	const seen = answerSeen(facts);
	const verdict: Verdict =
		path.lost === 'answer' ? 'blocks' : seen ? 'passes' : path.verdict === 'undetermined' ? 'undetermined' : 'notReached';
	// Behind docker-proxy each connection has a handshake of its own: their times are not those of one answer.
	const single = path.hops.every(({connection}) => connection === 1);
	const times = single ? reply.flatMap(({packets}) => packets[0]?.us ?? []) : [];
	const [began, came] = [times[0], times.at(-1)];
	const took = began === undefined || came === undefined ? null : came - began;
	const again = repeated.answer > 0 ? `sent again ${repeated.answer} times` : 'no retransmission';
	const stopped = path.lost === 'answer' ? path.reply.hops[path.reply.blockedAt ?? 0] : undefined;
	const words = stopped ? stopped.says : !seen ? '' : took === null ? again : `${took} µs for its first packet, ${again}`;
	const word = `the answer, ${path.reply.hops.length} hops back`;
	const front = where ? ['', ''] : [''];
	return {
		id: answerRow,
		cells: [...front, word, seenWord(seen), String(came ?? ''), bar(took, most), words],
		brief: [...front, 'the answer', '', '', '', seen && !stopped ? again : ''],
		verdict,
	};
}

/** The longest time in the table: the length of its bars. */
function mostTime({latency: {hops}}: TraceFacts): number {
	return Math.max(0, ...hops.map(us => us ?? 0));
}

/** "yes", "no", "?" */
function seenWord(seen: boolean | null): string {
	return seen === null ? '?' : seen ? 'yes' : 'no';
}

function packetWord(hop: Hop, seen: Observed | undefined, took: number | null): string {
	if (!seen) return '';
	const {packets, rules, gap} = seen;
	const [packet] = packets;
	if (hop.verdict === 'blocks' && hop.says) return hop.says;
	if (took !== null && hop.kind === 'process') return `first byte after ${microseconds(took)}`;
	if (took !== null && hop.kind === 'dns') return `answered after ${microseconds(took)}`;
	if (packet?.what === 'question') return `who has ${packet.dst}? No answer`;
	if (packet) return `${endWords(packet.src, packet.sport)} → ${endWords(packet.dst, packet.dport)}${packet.what ? ` ${packet.what}` : ''}`;
	const met = rules.filter(({handle, rule}) => handle !== null || rule !== null).length;
	if (met > 0) return `${lastRule(seen)}${met > 1 ? `, ${met} rules met` : ''}`;
	return gap?.why ?? '';
}

/** Where it goes (where it comes from changes at few hops); of the rules the one that decided. */
function briefPacket(seen: Observed | undefined): string {
	const packet = seen?.packets[0];
	if (packet) return packet.what === 'question' ? '' : `→ ${endWords(packet.dst, packet.dport)}${packet.what ? ` ${packet.what}` : ''}`;
	return seen ? lastRule(seen) : '';
}

function lastRule({rules}: Observed): string {
	const last = rules.findLast(({handle, rule}) => handle !== null || rule !== null);
	return last ? `${last.chain}${last.rule === null ? '' : ` rule ${last.rule}`}: ${last.verdict}` : '';
}
