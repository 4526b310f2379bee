import type {Path} from '../model/index.js';
import type {Observed, Proof} from '../proof/proof.js';
import {hopWord, mostHop} from './hops.js';
import {escaped, markdownTable} from './markdown.js';
import {plainTable} from './plain.js';
import {type Table, tableOf} from './table.js';

/** The table of a trace: each hop with whether, when and as what the request was seen there. Row ids are indexes into `hops`. */
export function traceTable({path, observed, differs}: Pick<Proof, 'path' | 'observed' | 'differs'>): Table {
	const rows = path.hops.map((hop, index) => ({hop, index, seen: observed[index] as Observed}));
	const several = new Set(path.hops.map(({of}) => of).filter(of => of !== null)).size > 1;
	return tableOf<(typeof rows)[number]>(
		[
			{title: '#', align: 'right', cell: ({index}) => String(index + 1)},
			{title: 'WHERE', cell: ({hop}) => hop.where},
			{
				title: 'HOP',
				shrink: 2,
				most: mostHop,
				cell: ({hop}) => hopWord(hop) + (several && hop.of && !hopWord(hop).includes(hop.of) ? ` in ${hop.of}` : ''),
			},
			{title: 'SEEN', cell: ({seen, index}) => seenWord(seen) + (differs.includes(index) ? ' !' : '')},
			{title: 'µs', align: 'right', cell: ({seen}) => String(seen.packets[0]?.us ?? '')},
			{title: 'PACKET', shrink: 1, cell: ({hop, seen}) => packetWord(hop, seen)},
		],
		rows,
		({index}) => String(index),
		({hop}) => hop.verdict,
	);
}

/** A trace as text: the title, the table, what it says, how it compares with the explanation. */
export function traceLines(proof: Proof, title: string, {markdown, width}: {markdown: boolean; width: number | null}): string[] {
	const table = traceTable(proof);
	const words = traceWords(proof);
	return markdown
		? [`## ${escaped(title)}`, '', ...markdownTable(table), '', ...words.flatMap(line => [escaped(line), ''])]
		: [title, ...plainTable(table, width), ...words];
}

/** The sentences under a trace. */
export function traceWords(proof: Proof): string[] {
	const {path, says, notSeen} = proof;
	const dying = path.lost === 'answer' && path.reply ? path.reply.hops[path.reply.blockedAt ?? 0] : path.hops[path.blockedAt ?? 0];
	const command = path.verdict === 'blocked' ? (dying?.command ?? '') : '';
	return [
		`${verdictWord(path)}${says ? `: ${says}` : ''}.${command ? `  See it: ${command}` : ''}`,
		agreementWord(proof),
		...notSeen.map(line => `not seen: ${line}`),
	].filter(line => line !== '');
}

/** One line for a trace among many (--watch). */
export function traceLine(proof: Proof, client: string): string {
	return `${client}  ${verdictWord(proof.path)}${proof.says ? `: ${proof.says}` : ''}${proof.agreement === false ? '  (not as explained)' : ''}`;
}

function seenWord({seen}: Observed): string {
	return seen === null ? '?' : seen ? 'yes' : 'no';
}

function packetWord(hop: Path['hops'][number], {packets, rules, gap}: Observed): string {
	const [packet] = packets;
	if (hop.verdict === 'blocks' && hop.says) return hop.says;
	if (packet?.what === 'question') return `who has ${packet.dst}? No answer`;
	if (packet) return `${ended(packet.src, packet.sport)} → ${ended(packet.dst, packet.dport)}${packet.what ? ` ${packet.what}` : ''}`;
	const met = rules.filter(({handle}) => handle !== null);
	if (met.length > 0) {
		const last = met.at(-1);
		return `${last?.chain}${last?.rule === null ? '' : ` rule ${last?.rule}`}: ${last?.verdict}${met.length > 1 ? `, ${met.length} rules met` : ''}`;
	}
	return gap?.why ?? '';
}

function ended(address: string, port: number | null): string {
	return port === null ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function verdictWord({verdict, blockedAt, lost}: Path): string {
	if (verdict !== 'blocked') return verdict;
	const what = lost === 'answer' ? 'the answer is lost at' : lost === 'later' ? 'packets that follow are lost at' : 'blocked at';
	return `${what} hop ${(blockedAt ?? 0) + 1}`;
}

function agreementWord({agreement, explained, differs}: Proof): string {
	if (agreement === null) return '';
	if (agreement) return 'As explained.';
	const where = explained.blockedAt === null ? '' : ` at hop ${explained.blockedAt + 1}`;
	const hops = differs.length > 0 ? `; other than explained: hop ${differs.map(index => index + 1).join(', ')}` : '';
	return `NOT AS EXPLAINED: the explanation was "${explained.verdict}${where}"${hops}.`;
}
