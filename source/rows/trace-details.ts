import type {Hop} from '../model/index.js';
import type {Observed, ObservedPacket, ObservedRule, Proof} from '../proof/proof.js';
import type {Field} from './hop-details.js';
import type {TraceFacts} from './trace.js';
import {timeParts, traceSentences} from './trace-words.js';
import {endWords, packetWords} from './words/en.js';
import {microseconds} from './words/times.js';

/** What a trace saw at one hop, as labelled lines. `index` counts from 0 among `facts.path.hops`. */
export function traceFields(facts: TraceFacts, index: number): Field[] {
	const hop = facts.path.hops[index];
	const seen = facts.observed[index];
	if (!hop || !seen) return [];
	const {before, after, rules, conntrack, certainty} = seen;
	const took = facts.latency.hops[index] ?? null;
	return [
		...(facts.differs.includes(index) ? field('differs', `NOT AS EXPLAINED: ${difference(hop, seen)}`) : []),
		...field('seen', seenSentence(hop, seen, took) + (certainty === 'inferred' ? '; told from others by its time alone' : '')),
		...(hop.verdict === 'blocks' ? field('ends', hop.says) : []),
		...(before ? field('before', packetWords(before)) : []),
		...(after ? field('after', packetWords(after)) : []),
		...several('packet', seen.packets.map(packetLine)),
		...several('rule', rules.filter(({handle, rule, verdict}) => handle !== null || rule !== null || /drop/.test(verdict)).map(ruleLine)),
		...several('tracked', conntrack.map(trackedLine)),
		...(hop.verdict === 'blocks' ? field('see it', hop.command) : []),
	];
}

/** What a trace saw as a whole: the sentences under its table, and where the time went. */
export function traceSummary(proof: Proof): Field[] {
	const {total} = proof.latency;
	const parts = timeParts(proof.latency);
	const widest = (key: 'name' | 'time') => Math.max(...parts.map(part => part[key].length));
	const lines = parts.map(({name, time, share}) => `${name.padEnd(widest('name'))}  ${time.padStart(widest('time'))}  ${share}`);
	return [
		...several('trace', traceSentences(proof)),
		...several('time', parts.length > 0 && total !== null ? [...lines, `${microseconds(total)} in all`] : []),
		...several('not seen', proof.notSeen),
	];
}

function seenSentence({kind, verdict}: Hop, {seen, packets, gap}: Observed, took: number | null): string {
	if (seen === null && gap) return `cannot be told: ${gap.why}${gap.tell ? ` (${gap.tell})` : ''}`;
	if (seen === null) return `cannot be told${kind === 'process' ? ': no byte of its own was seen' : ''}`;
	if (!seen) return verdict === 'notReached' ? 'no: it had stopped before' : 'no: it should have come here, and did not';
	const since = packets[0] ? `, ${microseconds(packets[0].us)} after the first packet` : '';
	return `yes${since}${took === null ? '' : `; it took ${microseconds(took)}`}`;
}

/** Why a hop counts as one that shows something else than was explained. */
function difference(hop: Hop, {seen, rules, after}: Observed): string {
	const rule = rules.find(one => one.explained === false && /^(accept|drop)$/.test(one.verdict));
	if (rule) return `${ruleWord(rule)} decided, of which the explanation says that it does not match`;
	if (seen === false) return 'the request was expected here, and was not seen';
	const expected = hop.packetAfter ?? hop.packet;
	if (after && (after.dst !== expected.dst || after.dport !== expected.dport))
		return `it went on as ${packetWords(after)}, not as ${packetWords(expected)}`;
	return hop.verdict === 'blocks' ? 'it stopped here' : 'the request was seen here, and was not expected';
}

function packetLine({interface: link, direction, us, src, dst, sport, dport, what}: ObservedPacket): string {
	if (what === 'question') return `${microseconds(us)}  ${link} ${direction}  who has ${dst}?`;
	return `${microseconds(us)}  ${link} ${direction}  ${endWords(src, sport)} → ${endWords(dst, dport)} ${what}`.trimEnd();
}

/** Which way the answers come is told once: it does not change. */
function trackedLine({event, state, us, reply}: Observed['conntrack'][number], index: number): string {
	const way = index === 0 ? `, answers come ${endWords(reply.src, reply.sport)} → ${endWords(reply.dst, reply.dport)}` : '';
	return `${[event, state].filter(Boolean).join(' ')} after ${microseconds(us)}${way}`;
}

function ruleLine(rule: ObservedRule): string {
	const {chain, text, verdict} = rule;
	// Its place stands in front already.
	const own = text.startsWith(`-A ${chain} `) ? text.slice(`-A ${chain} `.length) : text;
	return `${ruleWord(rule)}: ${verdict}  ${own}`.trimEnd();
}

function ruleWord({table, chain, rule, handle}: ObservedRule): string {
	if (handle === null && rule === null) return `${table} ${chain} policy`;
	return `${table} ${chain} ${rule === null ? `handle ${handle}` : `rule ${rule}`}`;
}

/** The label stands at the first line; of many lines the first ones. */
function several(label: string, lines: readonly string[]): Field[] {
	const shown = lines.slice(0, most).map((text, index) => ({label: index === 0 ? label : '', text}));
	return lines.length > most ? [...shown, {label: '', text: `${lines.length - most} more`}] : shown;
}

function field(label: string, text: string): Field[] {
	return text === '' ? [] : [{label, text}];
}

const most = 12;
