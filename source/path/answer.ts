import {icmpAnswerTo} from '../netfilter/names.js';
import {routeOutput} from '../netfilter/route-decision.js';
import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed, ownerOf} from '../snapshot/netns.js';
import {senderMac} from './asking.js';
import {fromOutsideToMacvlan, isMacvlanAt} from './macvlan.js';
import {begin, type Leg, type Question} from './request.js';
import {travel} from './steps.js';
import {newTrail, push, type Trail} from './trail.js';
import type {End, State, Walk} from './walker.js';

/**
 * The answer's way back over all connections of the request, the last one first; NAT is undone by what conntrack remembers.
 * flags: those of TCP; a SYN-ACK, or those of answers that follow.
 */
export function answer(walk: Walk, legs: Leg[], flags = ['syn', 'ack']): Trail {
	const trail = newTrail(legs.length);
	const back: Walk = {...walk, trail, role: 'answer'};
	for (const leg of [...legs].reverse()) {
		const {packet, site} = leg.end;
		if (leg.end.at === 'left' && !ownerOf(walk.world.host.facts, packet.src) && !isMacvlanAt(walk, leg.end.nic, packet.src)) {
			notOurs(walk, leg.end.nic, packet);
			continue;
		}
		const reply: WalkPacket = {
			...packet,
			iif: null,
			oif: null,
			src: leg.kernelAnswers ? '' : packet.dst,
			dst: packet.src,
			sport: packet.dport,
			dport: packet.sport,
			ttl: 64,
			dscp: 0,
			mark: 0,
			ctZone: undefined,
			tcpFlags: packet.proto === 'tcp' ? flags : [],
			// A SYN-ACK is of the socket that listens; what follows it of the one that was accepted, by whomever.
			uid: packet.proto !== 'tcp' || flags.includes('syn') ? leg.uid : null,
			gid: null,
			...echoed(packet),
			physIn: null,
			physOut: null,
		};
		if (leg.anyAddress && !leg.kernelAnswers) noteSource(walk, leg, reply);
		judge(
			back,
			leg,
			travel(back, leg.end.at === 'left' ? fromOutside(back, leg.end.nic, reply) : {at: 'output', site, packet: reply, bound: null}),
		);
		trail.connection--;
	}
	return trail;
}

/** The kernel answers an ICMP question itself, with the question's code, identifier and DSCP (icmp_reply, icmpv6_echo_reply). */
function echoed({icmpType, dscp, family}: WalkPacket): Partial<WalkPacket> {
	const icmpAnswer = icmpType === null ? null : icmpAnswerTo(family, icmpType);
	return icmpAnswer === null ? {} : {icmpType: icmpAnswer, dscp, byKernel: true};
}

/** A UDP program that does not say from which address it answers (IP_PKTINFO, ip(7)) answers from the one that the route gives. */
function noteSource(walk: Walk, leg: Leg, reply: WalkPacket): void {
	if (reply.proto !== 'udp') return;
	const {site} = leg.end;
	const decision = routeOutput(site.facts, {...reply, src: '', local: true});
	const chosen = decision.kind === 'leave' || decision.kind === 'local' ? decision.src : null;
	if (chosen === null || chosen === reply.src) return;
	const text = `the program answers from ${reply.src}, the address that was asked: its socket is bound to any, and the route alone would give ${chosen}`;
	walk.trail.assumptions.push({id: 'udp-source', text, command: `ip route get ${reply.dst}`});
}

/** What is asked beyond this host answers by the link by which the request left. */
function fromOutside(walk: Walk, nic: string, reply: WalkPacket): State {
	const {host} = walk.world;
	const smac = senderMac(host.facts, nic, reply.src);
	const packet = {...reply, iif: nic, local: false, uid: null, gid: null, ctState: null, smac, dmac: null};
	return fromOutsideToMacvlan(walk, nic, packet) ?? {at: 'receive', site: host, packet, carried: false};
}

/** The request left with an address that is not this host's: whether answers to it come back here, only the networks behind know. */
function notOurs(walk: Walk, nic: string, packet: WalkPacket): void {
	const text = `the networks behind ${nic} send answers for ${packet.src} to this host: it left untranslated, and is no address of the host`;
	walk.trail.assumptions.push({id: 'answer-route', text, command: `there: ip route get ${packet.src}`});
}

/** The packets that follow the handshake, from the client again: ESTABLISHED now. flags: those of TCP. */
export function later(walk: Walk, legs: Leg[], question: Question, flags = ['ack']): Trail {
	const trail = newTrail();
	const on: Walk = {...walk, trail, role: 'later'};
	for (const [index, leg] of legs.entries()) {
		trail.connection = index + 1;
		const packet: WalkPacket = {...leg.first, tcpFlags: flags, length: null};
		const start =
			index === 0 ? begin(on, question.start, leg.from.site, packet) : ({at: 'output', site: leg.from.site, packet, bound: null} as const);
		judgeLater(on, leg, travel(on, start));
	}
	return trail;
}

/** They have to come where the first packet came, and look the same there. */
function judgeLater(walk: Walk, {end: first}: Leg, end: End): void {
	if (end.at === 'nowhere' || first.at !== 'socket') return;
	const sees = ({packet}: End) => `${packet.src}:${packet.sport} to ${packet.dst}:${packet.dport}`;
	const same = end.at === 'socket' && end.site.key === first.site.key;
	if (same && sees(end) === sees(first)) return;
	const says = same
		? `packets that follow arrive from ${sees(end)}, but the connection is from ${sees(first)}`
		: `packets that follow ${end.at === 'left' ? `leave this host by ${end.nic}` : `end in ${end.site.of ?? 'this host'}`}`;
	push(walk.trail, end.site, {
		kind: 'route',
		name: '',
		packet: end.packet,
		cause: 'misrouted',
		says,
		command: 'conntrack -L',
	});
}

/** It is that link, or a port of the bridge (or a part of the bond) that stands for it. */
function isBehind({world}: Walk, nic: string, link: string): boolean {
	return link === nic || linkNamed(world.host.facts, link)?.master === nic;
}

/** An answer has to come back where the request came from, and from the address that was asked. */
function judge(walk: Walk, leg: Leg, end: End): void {
	const {packet} = end;
	if (end.at === 'nowhere') return;
	const {nic, site} = leg.from;
	const command = 'conntrack -L';
	if (nic !== null ? end.at !== 'left' || !isBehind(walk, nic, end.nic) : end.at !== 'socket' || end.site.key !== site.key) {
		const there = end.at === 'left' ? `leaves this host by ${end.nic}` : `ends in ${end.site.of ?? 'this host'}`;
		push(walk.trail, end.site, {
			kind: 'route',
			name: '',
			packet,
			cause: 'misrouted',
			says: `the answer ${there}, not by the way the request came`,
			command: `ip route get ${packet.dst}`,
		});
		return;
	}
	if (packet.src !== leg.first.dst || packet.sport !== leg.first.dport) {
		const says = `the answer comes from ${packet.src}:${packet.sport}, but ${leg.first.dst}:${leg.first.dport} was asked: the client refuses it`;
		push(walk.trail, end.site, {kind: 'netfilter', name: 'answer', packet, cause: 'answer-not-translated', says, command});
	}
}
