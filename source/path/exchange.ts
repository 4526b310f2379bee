import {hostPort} from '../address/ip.js';
import type {Assumption, FlowEnd, Hop, Path, PathVerdict} from '../model/index.js';
import {answer, later} from './answer.js';
import {outsideHop} from './outside.js';
import {type Question, type Sent, send} from './request.js';
import {newTrail, type Trail} from './trail.js';
import type {Goal, Walk} from './walker.js';
import {containersAt, type World} from './world.js';

/** A whole exchange explained: request, answer and the packets that follow, judged together. */
export function exchange(world: World, question: Question, goal: Goal, from: FlowEnd, to: Path['to']): Path {
	const walk: Walk = {world, table: new Map(), touched: new Map(), trail: newTrail(), goal, role: 'request'};
	const sent = send(walk, question);
	const request = judge(walk.trail);
	const arrived = request.verdict === 'passes' || request.verdict === 'undetermined';
	const landed = sent.landing?.kind === 'process';
	const end = sent.legs.at(-1)?.end;
	const left = end?.at === 'left';
	// Behind what was judged: what becomes of the packet there is no part of the verdict.
	const outside = left ? outsideHop(walk, end.packet, end.nic) : null;
	const back = landed || left ? answer(walk, sent.legs) : null;
	const reply = back && replyOf(back);
	const base = {
		schema: 'dockhop.flow/1' as const,
		from: {...from, address: from.address ?? (sent.legs[0]?.first.src || null)},
		to,
		lost: null as Path['lost'],
		blockedAt: null as number | null,
		seenAs: null,
		assumptions: assumptionsOf(world, walk.trail, question),
		hops: walk.trail.hops,
		findings: [],
		reply,
		alternatives: [],
	};
	if (request.verdict === 'blocked') {
		fade(walk.trail.hops, request.at);
		return {...base, verdict: 'blocked', blockedAt: request.at, lost: 'request'};
	}
	const seenAs = landed && arrived ? seen(sent) : null;
	if (request.verdict === 'undetermined') return {...base, verdict: 'undetermined'};
	if (!reply) return {...base, verdict: 'undetermined'};
	const unanswered = unansweredBy(walk.trail.hops, reply);
	if (unanswered) return {...base, seenAs, ...unanswered};
	if (outside) {
		outside.verdict = 'undetermined';
		return {...base, verdict: 'forwarded'};
	}
	for (const flags of question.proto === 'udp' ? [] : following) {
		const followers = later(walk, sent.legs, question, flags);
		const judged = judge(followers);
		if (judged.verdict !== 'passes') {
			const at = takeOver(walk.trail.hops, followers.hops[judged.at]);
			return {...base, ...stopped(walk.trail.hops, judged.verdict, at), seenAs};
		}
		const answers = answer(walk, sent.legs, flags);
		const unanswered = unansweredBy(walk.trail.hops, replyOf(answers, 'answers that follow: '));
		if (unanswered) return {...base, seenAs, ...unanswered};
		// Where no rule hangs on the flags, data fares as the acknowledgement before it.
		if (![followers, answers].some(trail => trail.dividesFlags.some(divides => divides()))) break;
	}
	return {...base, seenAs, verdict: 'delivered'};
}

/** TCP flags of what follows the handshake: its last packet, then data, which is pushed (RFC 9293, 3.9.1.2). */
const following = [['ack'], ['psh', 'ack']];

type Judged = {verdict: 'passes'; at: null} | {verdict: 'blocked' | 'undetermined'; at: number};

/** The first hop that stops the packet decides, unless one before it could not be told and might send the packet elsewhere. */
function judge(trail: Trail): Judged {
	const blocked = trail.hops.findIndex(hop => hop.verdict === 'blocks');
	const doubt = trail.hops.findIndex(hop => hop.verdict === 'undetermined' && (blocked === -1 || !trail.onlyStops.has(hop)));
	if (doubt !== -1 && (blocked === -1 || doubt < blocked)) return {verdict: 'undetermined', at: doubt};
	return blocked === -1 ? {verdict: 'passes', at: null} : {verdict: 'blocked', at: blocked};
}

/** Behind a block: hops that would let the packet pass were not reached; those that would stop it too keep saying so. */
function fade(hops: Hop[], blockedAt: number): void {
	for (const hop of hops.slice(blockedAt + 1)) if (hop.verdict !== 'blocks') hop.verdict = 'notReached';
}

type Reply = NonNullable<Path['reply']>;

/** whose: in front of what stops it. */
function replyOf(trail: Trail, whose = ''): Reply {
	const judged = judge(trail);
	if (judged.verdict === 'blocked') fade(trail.hops, judged.at);
	const stops = trail.hops[judged.at ?? -1];
	if (stops) stops.says = `${whose}${stops.says}`;
	const verdict: PathVerdict = judged.verdict === 'passes' ? 'delivered' : judged.verdict;
	return {verdict, blockedAt: judged.verdict === 'blocked' ? judged.at : null, hops: trail.hops};
}

/** What an answer makes of a path whose request arrives; null where it comes back. */
function unansweredBy(request: Hop[], reply: Reply): Pick<Path, 'verdict' | 'lost' | 'blockedAt' | 'reply'> | null {
	if (reply.verdict === 'undetermined') return {verdict: 'undetermined', lost: null, blockedAt: null, reply};
	if (reply.verdict !== 'blocked') return null;
	return {verdict: 'blocked', lost: 'answer', blockedAt: placeOnRequest(request, reply.hops, reply.blockedAt ?? 0), reply};
}

function seen(sent: Sent): Path['seenAs'] {
	const packet = sent.legs.at(-1)?.end.packet;
	return packet && packet.sport !== null ? {src: packet.src, sport: packet.sport} : null;
}

/** The hop of the request's path where the answer stops, or the last one that it still passes before it leaves that path. */
function placeOnRequest(request: Hop[], reply: Hop[], blockedAt: number): number {
	for (let index = blockedAt; index >= 0; index--) {
		const place = reply[index];
		const found = request.findLastIndex(hop => place !== undefined && samePlace(hop, place));
		if (found !== -1) return found;
	}
	return request.findLastIndex(({kind}) => kind !== 'outside');
}

/** A connection that begins and does not go on. */
function stopped(hops: Hop[], verdict: 'blocked' | 'undetermined', at: number): Pick<Path, 'verdict' | 'lost' | 'blockedAt'> {
	if (verdict === 'undetermined') return {verdict, lost: null, blockedAt: null};
	fade(hops, at);
	return {verdict, lost: 'later', blockedAt: at};
}

/** Shows on the request's own hop what stops the packets that follow; gives its index. */
function takeOver(request: Hop[], hop: Hop | undefined): number {
	if (!hop) return request.length - 1;
	const index = request.findIndex(one => samePlace(one, hop));
	if (index === -1) return request.push(hop) - 1;
	tellOf(request, index, hop, 'packets that follow');
	return index;
}

function tellOf(request: Hop[], index: number, hop: Hop | undefined, whose: string): void {
	const own = request[index];
	if (!own || !hop) return;
	request[index] = {
		...own,
		verdict: hop.verdict,
		cause: hop.cause,
		unknown: hop.unknown,
		says: `${whose}: ${hop.says}`,
		evidence: hop.evidence,
		steps: hop.steps,
		command: hop.command,
	};
}

function samePlace(a: Hop, b: Hop): boolean {
	return a.kind === b.kind && a.of === b.of && a.name === b.name && a.connection === b.connection;
}

function assumptionsOf(world: World, trail: Trail, question: Question): Assumption[] {
	const list: Assumption[] = trail.assumptions.filter((one, index, all) => all.findIndex(other => other.text === one.text) === index);
	const {start} = question;
	const dividing = start.kind === 'lan' ? firstOf(trail.dividing) : undefined;
	if (start.kind === 'lan' && dividing) {
		const {text, command} = dividing;
		const client = hostPort(start.address, trail.hops[0]?.port ?? null);
		const ask = start.given ? '' : '; ask with --from lan:ADDRESS for another';
		list.push({id: 'lan-client', text: `the client is ${client} with TTL 64, and this rule divides clients: ${text}${ask}`, command});
	}
	const links = [
		...new Set(trail.hops.filter(hop => hop.kind === 'veth' || hop.kind === 'nic' || hop.kind === 'bridge').map(hop => hop.name)),
	].filter(name => name !== '');
	if (start.kind === 'lan' && question.dst !== null && containersAt(world, question.dst).length > 0) {
		const nic = start.nic;
		list.push({
			id: 'lan-route',
			text: `the client sends packets for ${question.dst} to this host's ${nic}`,
			command: `on the client: ip route get ${question.dst}`,
		});
	}
	if (links.length > 0) {
		list.push({
			id: 'no-ebpf',
			text: `no eBPF or tc program, queue or IPsec policy on the way (${links.join(', ')}) drops or redirects the packet`,
			command: 'bpftool net show; tc -s qdisc; tc filter show dev DEV ingress; ip xfrm policy',
		});
	}
	return list;
}

/** The first of what is made list by list; the lists behind it are not made. */
function firstOf<T>(lists: readonly (() => readonly T[])[]): T | undefined {
	for (const list of lists) {
		const [first] = list();
		if (first !== undefined) return first;
	}
	return undefined;
}
