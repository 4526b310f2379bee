import stringWidth from 'string-width';
import type {Hop, Packet, Path, Step} from '../model/index.js';
import {type Table, tableOf} from './table.js';
import {cutMiddle} from './widths.js';
import {unknownWords} from './words/unknowns.js';

/** The request-flow table: one row per hop, in the direction of the request. Row ids are indexes into `hops`. */
export function hopRows(path: Pick<Path, 'hops'>): Table {
	const numbered = path.hops.map((hop, index) => ({hop, index}));
	const several = inSeveral(path.hops);
	return tableOf<{hop: Hop; index: number}>(
		[
			{title: '#', align: 'right', cell: ({index}) => String(index + 1)},
			{title: 'WHERE', cell: ({hop}) => hop.where},
			{
				title: 'HOP',
				shrink: 2,
				most: mostHop,
				cell: ({hop}) => hopCell(hop, several),
				brief: ({hop}) => briefHopCell(hop, several),
			},
			{title: 'ADDRESS', shrink: 1, cell: ({hop}) => addressCell(hop), brief: ({hop}) => briefAddress(hop)},
			{title: 'PORT', cell: ({hop}) => portCell(hop)},
		],
		numbered,
		({index}) => String(index),
		({hop}) => hop.verdict,
	);
}

/** "in web" is said only where hops of more than one container (or node) are on the path. */
export function inSeveral(hops: readonly Hop[]): boolean {
	return new Set(hops.map(hop => hop.of).filter(of => of !== null)).size > 1;
}

/** The hop in its row, and the short form for a narrow table. */
export function hopCell(hop: Hop, several: boolean): string {
	return hopWord(hop) + (several ? insideWord(hop) : '');
}

export function briefHopCell(hop: Hop, several: boolean): string {
	return withInside(briefWord(hop), several ? insideWord(hop) : '');
}

/** "NIC eth0", "NAPT: DNAT, DOCKER rule 2", "filter FORWARD, 7 rules", "bridge docker0": kind and name of a hop. */
export function hopWord(hop: Hop): string {
	if (hop.kind === 'netfilter') return rulesWord(hop);
	const kind = kindWord(hop);
	const words =
		kind === '' || `${hop.name} `.toLowerCase().startsWith(`${kind.toLowerCase()} `) ? hop.name : `${kind} ${hop.name}`.trimEnd();
	// The names by which a port is asked stand beside it, as they do in documents about Docker.
	return hop.kind === 'port' && hop.names.length > 0 ? `${words}  as ${someNames(hop.names)}` : words;
}

/** As many of the names as a table has room for; a very long one without its middle. The details of the hop tell all of them. */
function someNames(names: readonly string[]): string {
	const shown = names.map(name => cutMiddle(name, 24));
	const fits = shown.filter((_, index) => stringWidth(shown.slice(0, index + 1).join(', ')) <= mostNames);
	return [...fits, ...(fits.length < shown.length ? ['…'] : [])].join(', ');
}

/** The same without what can be read elsewhere: the number of rules, other names of a port, kinds that the name tells. */
function briefWord(hop: Hop): string {
	if (hop.kind === 'netfilter')
		return rulesWord(hop)
			.replace(/^NAPT: /, '')
			.replace(/, \d+ rules?$/, '');
	if (hop.kind === 'port') return `port ${hop.name}`;
	if (hop.kind === 'route') return 'route';
	return hop.kind === 'interface' || hop.kind === 'veth' || hop.kind === 'bridge' ? hop.name || hop.kind : '';
}

/** A hop without a short form has none in its container either. */
function withInside(word: string, inside: string): string {
	return word === '' ? '' : word + inside;
}

function briefAddress(hop: Hop): string {
	if (hop.kind === 'dns' && hop.address !== null)
		return [hop.address, ...hop.names.slice(0, 1).map(name => name.replace(' 127.0.0.11', ''))].join(', ');
	if (hop.kind === 'netfilter' && !hop.packetAfter)
		return hop.says.replace(/ \([^()]*\)$/, '').replace(/^(accepted by|dropped by|rejected by|passes) filter /, '$1 ');
	return '';
}

/** "DOCKER rule 2", "FORWARD policy": a rule as a person would point at it. */
export function ruleWord(step: Pick<Step, 'chain' | 'rule'>): string {
	return step.rule === null ? `${step.chain} policy` : `${step.chain} rule ${step.rule}`;
}

/** Which ends a hop rewrites. */
export function rewritten(before: Packet, after: Packet): {destination: boolean; source: boolean} {
	return {
		destination: before.dst !== after.dst || before.dport !== after.dport,
		source: before.src !== after.src || before.sport !== after.sport,
	};
}

/** The step that decided what became of the packet at this hop; undefined where there are no rules. */
export function decidingStep(hop: Hop): Step | undefined {
	if (hop.verdict === 'undetermined') return hop.steps.find(step => step.matched === null) ?? hop.steps.at(-1);
	const met = hop.steps.filter(step => step.matched === true);
	if (hop.packetAfter) return met.find(step => step.rewrite !== null) ?? met.at(-1);
	return met.findLast(step => !['jump', 'goto', 'return', 'continue'].includes(step.verdict ?? 'continue')) ?? met.at(-1);
}

/** Which container (or node) the hop is in, where its own words do not say so already. */
function insideWord({of, name, names}: Hop): string {
	return of === null || name.split(' ').includes(of) || names.includes(of) ? '' : ` in ${of}`;
}

function rulesWord({name, steps, packet, packetAfter}: Hop): string {
	const rewriting = steps.find(step => step.rewrite !== null);
	if (packetAfter) return `NAPT: ${natWord(packet, packetAfter)}${rewriting ? `, ${ruleWord(rewriting)}` : ''}`;
	const [table, ...others] = new Set(steps.map(step => step.table));
	const rules = steps.filter(step => step.rule !== null).length;
	const chain = table && others.length === 0 && !name.startsWith(table) ? `${table} ${name}` : name;
	return `${chain}${rules > 0 ? `, ${rules} ${rules === 1 ? 'rule' : 'rules'}` : ''}`;
}

function kindWord({kind, name}: Hop): string {
	if (kind === 'nic') return 'NIC';
	if (kind === 'proxy') return 'docker-proxy';
	if (named.includes(kind)) return kind;
	return name === '' ? kind : '';
}

function natWord(before: Packet, after: Packet): string {
	const {destination, source} = rewritten(before, after);
	return [...(destination ? ['DNAT'] : []), ...(source ? ['SNAT'] : [])].join(' and ') || 'unchanged';
}

function addressCell(hop: Hop): string {
	if (hop.verdict === 'undetermined') return hop.says || (hop.unknown ? unknownWords[hop.unknown.id].title : '');
	if (hop.verdict === 'blocks' && hop.says) return hop.says;
	if (hop.packetAfter) return changed(hop.packet.dst, hop.packetAfter.dst) ?? changed(hop.packet.src, hop.packetAfter.src) ?? hop.says;
	if (saying.includes(hop.kind)) return hop.says || (hop.address ?? '');
	return hop.address ?? hop.says;
}

function portCell(hop: Hop): string {
	if (hop.packetAfter) {
		const {packet, packetAfter} = hop;
		return changed(packet.dport, packetAfter.dport) ?? changed(packet.sport, packetAfter.sport) ?? String(packet.dport ?? '');
	}
	if (hop.kind === 'netfilter') return '';
	if (hop.kind === 'bridge') return hop.verdict === 'blocks' ? '' : hop.says;
	return String(hop.port ?? (hop.kind === 'client' ? (hop.packet.sport ?? '') : ''));
}

function changed(before: string | number | null, after: string | number | null): string | null {
	return before === after || before === null || after === null ? null : `${before}→${after}`;
}

/** Cells of the column HOP, and of the names in it. */
export const mostHop = 60;
const mostNames = 42;

/** Kinds that stand before the hop's name. */
const named: readonly Hop['kind'][] = [
	'client',
	'dns',
	'port',
	'interface',
	'veth',
	'bridge',
	'route',
	'neighbour',
	'macvlan',
	'vxlan',
	'outside',
];

/** Hops where what decides says more than an address does. */
const saying: readonly Hop['kind'][] = [
	'netfilter',
	'route',
	'neighbour',
	'dns',
	'process',
	'port',
	'proxy',
	'macvlan',
	'outside',
	'unexplained',
];
