import type {Hop, Snapshot} from '../../../source/model/index.js';
import type {WalkPacket} from '../../../source/netfilter/types.js';
import {answer, later} from '../../../source/path/answer.js';
import {arrive} from '../../../source/path/arrival.js';
import {begin} from '../../../source/path/request.js';
import {firstPacket, type Start} from '../../../source/path/start.js';
import {travel} from '../../../source/path/steps.js';
import {newTrail, type Trail} from '../../../source/path/trail.js';
import type {Walk} from '../../../source/path/walker.js';
import {worldOf} from '../../../source/path/world.js';
import type {Sent} from './packets.js';
import {isContainer} from './packets.js';
import {addressesOf, type PlaceName, silentPort} from './topology.js';
import type {Role} from './trace.js';

/** What the walk says of one packet of a request. */
export interface Told {
	verdict: 'passes' | 'blocks' | 'undetermined';
	/** By namespace, up to where it stops. */
	in: Partial<Record<PlaceName, InPlace>>;
	/** The hop that decided, where it does not pass. */
	stop: {of: PlaceName; kind: string; name: string; cause: string | null; why: string} | null;
	/** All hops and steps, for a failing test. */
	lines: string[];
}

export interface InPlace {
	/** Rules that matched, in order. */
	rules: string[];
	/** The same with those that may have matched, or may not have been met at all. */
	met: Met[];
	/** Each change of the addresses. */
	tuples: string[];
}

export interface Met {
	/** "ip filter FORWARD 12": family, table, chain and handle. */
	name: string;
	/** "filter FORWARD rule 3", as a verdict names it. */
	place: string;
	text: string;
	certain: boolean;
	family: string;
	hook: string;
	backend: string;
	/** As it stands in Told.lines. */
	line: string;
}

export interface Explained {
	told: Partial<Record<Role, Told>>;
	/** Whether an answer comes back; null: the request leaves the testbed's host, and what comes back is not walked. */
	answered: boolean | null;
}

/** Walks the request that is sent, its answer and what follows through the testbed, as source/path does for a flow. */
export function explained(snapshot: Snapshot, sent: Sent): Explained {
	const world = worldOf(snapshot);
	const place = isContainer(sent.from) ? world.containers.find(one => one.name === sent.from) : null;
	const site = place ? world.siteOf(place) : world.host;
	const address = addressesOf('lan', sent.family)[0] ?? '';
	const start: Start =
		sent.from === 'lan'
			? {kind: 'lan', nic: 'eth0', address, given: true}
			: place
				? {kind: 'container', site, name: place.name}
				: {kind: 'host', site, address: null};
	const packet = asSent(sent, firstPacket(start, sent.dst, sent.dport, sent.proto));
	const goal = {container: null, address: null, port: sent.dport, proto: sent.proto};
	const walk: Walk = {world, table: new Map(), touched: new Map(), trail: newTrail(), goal, role: 'request'};
	const end = travel(walk, begin(walk, start, site, packet));
	const request = told(walk.trail, end.site.of);
	const told1: Explained['told'] = {request};
	if (request.verdict !== 'passes') return {told: told1, answered: isAnswer(request)};
	if (end.at === 'left') return {told: told1, answered: null};
	if (end.at !== 'socket') return {told: told1, answered: false};
	// The kernel answers an echo request itself.
	const landing = sent.proto === 'icmp' ? null : arrive(walk, end);
	if (landing && (landing.kind !== 'process' || end.packet.dport === silentPort)) return {told: told1, answered: false};
	// The source that the kernel chose stands on the first hop that the packet met.
	const src = packet.src || (walk.trail.hops.find(hop => hop.kind !== 'client')?.packet.src ?? '');
	const legs = [
		{
			from: {site, nic: start.kind === 'lan' ? start.nic : null},
			first: {...packet, src},
			end,
			kernelAnswers: false,
			uid: landing?.kind === 'process' ? landing.uid : null,
		},
	];
	const back = told(answer(walk, legs), site.of);
	if (back.verdict !== 'passes' || sent.proto !== 'tcp') return {told: {request, answer: back}, answered: isAnswer(back)};
	const on = told(later(walk, legs, {start, dst: sent.dst, port: sent.dport, proto: sent.proto, name: null}), end.site.of);
	if (on.verdict !== 'passes') return {told: {request, answer: back, later: on}, answered: isAnswer(on)};
	const followed = told(answer(walk, legs, ['ack']), site.of);
	return {told: {request, answer: back, later: on, followed}, answered: isAnswer(followed)};
}

function isAnswer({verdict}: Told): boolean | null {
	return verdict === 'undetermined' ? null : verdict === 'passes';
}

/** The first packet as the testbed's agents send it. */
function asSent({proto, family, sport, ttl = 64, tos = 0}: Sent, first: WalkPacket): WalkPacket {
	const packet = {...first, ttl, dscp: tos >> 2};
	const header = family === 4 ? 20 : 40;
	if (proto === 'tcp') return {...packet, sport};
	if (proto === 'udp') return {...packet, sport, length: header + 8 + 7};
	if (proto === 'sctp') return {...packet, sport, length: header + 12 + 20};
	const icmp = family === 4 ? {proto: 'icmp', icmpType: 8} : {proto: 'ipv6-icmp', icmpType: 128};
	return {...packet, ...icmp, icmpCode: 0, icmpId: sport, sport: null, dport: null, length: header + 8 + 7};
}

function told(trail: Trail, endOf: string | null): Told {
	const places: Told['in'] = {};
	const at = (of: string | null) => {
		const name = (of ?? 'host') as PlaceName;
		const known = places[name] ?? {rules: [], met: [], tuples: []};
		places[name] = known;
		return known;
	};
	const lines: string[] = [];
	const stopAt = trail.hops.findIndex(hop => hop.verdict === 'blocks' || hop.verdict === 'undetermined');
	const hops = stopAt === -1 ? trail.hops : trail.hops.slice(0, stopAt + 1);
	for (const hop of hops) {
		if (hop.kind === 'client') continue;
		const here = at(hop.of);
		for (const packet of [hop.packet, ...(hop.packetAfter ? [hop.packetAfter] : [])]) {
			const tuple = `${packet.src}:${packet.sport ?? ''} > ${packet.dst}:${packet.dport ?? ''}`;
			if (here.tuples.at(-1) !== tuple) here.tuples.push(tuple);
		}
		lines.push(`== ${hop.of ?? 'host'} ${hop.kind} ${hop.name} ${hop.verdict} ${hop.says} ${here.tuples.at(-1)}`);
		note(here, hop.steps, lines);
	}
	if (stopAt === -1)
		note(
			at(endOf),
			trail.passedBy.flatMap(part => part()),
			lines,
		);
	const stop = trail.hops[stopAt];
	return {
		verdict: stop ? (stop.verdict as Told['verdict']) : 'passes',
		in: places,
		stop: stop ? {of: (stop.of ?? 'host') as PlaceName, kind: stop.kind, name: stop.name, cause: stop.cause, why: stop.says} : null,
		lines,
	};
}

function note(here: InPlace, steps: Hop['steps'], lines: string[]): void {
	for (const {family, table, chain, handle, rule, hook, matched, verdict, text, why, backend} of steps) {
		if (table === 'tracing') continue;
		const name = `${family} ${table} ${chain} ${handle ?? `#${rule}`}`;
		const line = `   ${hook} ${name} (${rule}) ${matched} ${verdict} | ${text} | ${why ?? ''}`;
		lines.push(line);
		if (rule === null || matched === false) continue;
		here.met.push({name, place: `${table} ${chain} rule ${rule}`, text, certain: matched === true, family, hook, backend, line});
		if (matched === true) here.rules.push(name);
	}
}
