import {canonical} from '../address/ip.js';
import type {Hop, Path, Trace} from '../model/index.js';
import {differences} from './differences.js';
import {latencyOf} from './latency.js';
import {legacyKiller} from './legacy.js';
import {causeOfRule, type Death, isDecided} from './locate.js';
import {observedOf, tooMany} from './observed.js';
import {type Outcome, outcomeOf, type Sights} from './outcome.js';
import type {Observed, Proof} from './proof.js';
import {type Phase, placeOf, type Scene, sceneOf} from './scene.js';
import {type Sight, sightOf} from './sight.js';
import {witnessesOf} from './witnesses.js';

/** Sets what a trace saw beside the explained path: where the request really went, and where it stopped. */
export function prove(explainedPath: Path, trace: Trace): Proof {
	const path = askedBy(explainedPath, trace);
	const scene = sceneOf(path, trace);
	const back = path.reply?.hops ?? [];
	const look = (hops: Hop[], phase: Phase) => hops.map((_, index) => sightOf(scene, hops, index, phase));
	const looked: Sights = {request: look(path.hops, 'request'), answer: look(back, 'answer')};
	const outcome = outcomeOf(path, trace, scene, looked);
	// No request: that it was seen nowhere says nothing.
	const sights = outcome.kind === 'nothing' ? {request: looked.request.map(unseen), answer: looked.answer.map(unseen)} : looked;
	const seen = apply(path, outcome, trace);
	const explained = {verdict: path.verdict, blockedAt: path.blockedAt, lost: path.lost};
	const nothing = outcome.kind === 'nothing';
	const observed = path.hops.map((hop, index) => observedOf(scene, hop, sights.request[index] as Sight));
	const reply = back.map((hop, index) => observedOf(scene, hop, sights.answer[index] as Sight));
	const differs = nothing || path.from.kind === 'any' ? [] : differences(path, seen, sights.request, observed);
	const same = explained.verdict === seen.verdict && explained.blockedAt === seen.blockedAt && explained.lost === seen.lost;
	const unclear = nothing || explained.verdict === 'undetermined' || outcome.kind === 'undetermined';
	return {
		// What the explanation found to be wrong is not what was seen.
		path: same ? seen : {...seen, findings: []},
		explained,
		observed,
		reply,
		latency: latencyOf(path, trace, scene, observed, reply),
		repeated: {request: repeatedOf(observed), answer: repeatedOf(reply)},
		agreement: unclear ? (differs.length > 0 ? false : null) : same && differs.length === 0,
		differs,
		witnesses: witnessesOf(path, trace, scene, sights.request),
		says: sentence(seen, outcome),
		notSeen: gapsOf(seen, trace, scene, observed),
	};
}

/** Of several addresses of one target the path of the one that the client took. */
function askedBy(path: Path, {probe}: Trace): Path {
	const taken = probe?.remoteAddress ?? null;
	const isTaken = ({hops}: Path) => taken !== null && hops[0] !== undefined && canonical(hops[0].packet.dst) === canonical(taken);
	if (isTaken(path)) return path;
	const other = path.alternatives.find(isTaken);
	return other ? {...other, alternatives: [{...path, alternatives: []}, ...path.alternatives.filter(one => one !== other)]} : path;
}

/** TCP sends again what nobody answered: the same packet on one link, the same way. */
function repeatedOf(observed: readonly Observed[]): number {
	const counts = observed.map(({packets}) => {
		const opening = packets.filter(({what}) => what.startsWith('syn'));
		return opening.filter(one => one.interface === opening[0]?.interface && one.direction === opening[0].direction).length;
	});
	return Math.max(0, ...counts.map(count => count - 1));
}

function unseen(sight: Sight): Sight {
	return {...sight, seen: null};
}

/** The path with verdicts as they were observed. */
function apply(path: Path, outcome: Outcome, trace: Trace): Path {
	if (outcome.kind === 'nothing')
		return trace.plan.send === null ? {...path, verdict: 'undetermined', blockedAt: null, lost: null} : unobserved(path, trace);
	if (outcome.kind === 'undetermined') return {...path, verdict: 'undetermined', blockedAt: null, lost: null};
	if (outcome.kind === 'arrived') return {...path, verdict: outcome.verdict, blockedAt: null, lost: null, hops: arrived(path, trace)};
	if (outcome.kind === 'refused')
		return stopped(path, outcome.at, outcome.at, 'request', hop => ({
			cause: outcome.cause,
			says: hop.verdict === 'blocks' ? hop.says : outcome.says,
		}));
	const {death, lost} = outcome;
	if (lost === 'answer') {
		const at = onRequest(path, death.at);
		return {...path, verdict: 'blocked', lost, blockedAt: at, hops: path.hops.map(passing), reply: replyStopped(path, death, trace)};
	}
	return stopped(path, death.at, passedUntil(death), lost, hop => killed(path.hops, hop, death, trace, lost === 'later'));
}

/** What left this host shows that it arrived by an answer alone. */
function arrived({hops}: Path, {probe}: Trace): Hop[] {
	return hops.map(hop => (hop.kind === 'outside' && !probe?.reached ? hop : passing(hop)));
}

function passing(hop: Hop): Hop {
	return hop.verdict === 'passes' ? hop : {...hop, verdict: 'passes', cause: null, unknown: null};
}

/** It came past all hops up to this one. Where it vanished, it may have died at any hop behind the last that saw it. */
function passedUntil({at, how, last}: Death): number {
	return how === 'rule' || how === 'hook' ? at : last;
}

function stopped(path: Path, at: number, last: number, lost: 'request' | 'later', dying: (hop: Hop) => Partial<Hop>): Path {
	const hops = path.hops.map((hop, index): Hop => {
		if (index < at) return index <= last ? passing(hop) : hop;
		if (index === at) return {...hop, unknown: null, ...dying(hop), verdict: 'blocks'};
		return hop.verdict === 'blocks' ? hop : {...hop, verdict: 'notReached', unknown: null};
	});
	return {...path, verdict: 'blocked', blockedAt: at, lost, hops};
}

function replyStopped({reply}: Path, death: Death, trace: Trace): Path['reply'] {
	if (!reply) return null;
	const hops = reply.hops.map((hop, index): Hop => {
		if (index < death.at) return index <= passedUntil(death) ? passing(hop) : hop;
		if (index === death.at) return {...hop, unknown: null, ...killed(reply.hops, hop, death, trace, false), verdict: 'blocks'};
		return hop.verdict === 'blocks' ? hop : {...hop, verdict: 'notReached', unknown: null};
	});
	return {verdict: 'blocked', blockedAt: death.at, hops};
}

/** What killed the packet, in words: the rule that was seen, what the walk says, or between which hops it vanished. */
function killed(hops: readonly Hop[], hop: Hop, death: Death, {counters, plan}: Trace, later: boolean): Partial<Hop> {
	const before = later ? `packets that follow${death.larger ? `, of ${death.larger} bytes` : ''}: ` : '';
	if (death.rule) {
		const {family, table, chain, handle, text} = death.rule;
		const same = hop.verdict === 'blocks' && isDecided(hop, death.rule);
		const name = `${family} ${table} ${chain}${handle === null ? ', policy' : `, handle ${handle}`}`;
		return {
			cause: same ? hop.cause : causeOfRule(death.rule),
			says: same ? hop.says : `${before}dropped by ${name}${text ? `: ${text}` : ''}`,
			command: same ? hop.command : `nft -a list chain ${family} ${table} ${chain}`,
		};
	}
	if (death.how === 'explained') return {};
	if (death.how === 'hook') {
		const legacy = legacyKiller(placeOf(plan, hop), counters);
		const why = legacy
			? `the counter of ${legacy.name} moved by ${legacy.by}`
			: 'no rule was seen to drop it (a full conntrack table, a program, a rule that is not traced)';
		return {
			cause: legacy ? causeOfLegacy(legacy.name) : 'vanished',
			says: `${before}it went into ${hop.name} and did not come out: ${why}`,
			command: legacy?.command ?? hop.command,
		};
	}
	const from = hops[death.last];
	const open = hops.slice(death.last + 1, death.at + 1).filter(one => one.kind === 'unexplained' && one.verdict === 'undetermined');
	const suspects = open.map(one => one.says || one.name);
	const moved = counters.filter(({interface: link, place: _}) => link === null || link === hop.name || link === from?.name);
	const telling = moved.filter(({interface: link}) => link !== null);
	const counted = (telling.length > 0 ? telling : moved)
		.slice(0, 4)
		.map(({interface: link, name, by}) => `${link ? `${link}: ` : ''}${name} +${by}`)
		.concat(death.larger ? [mtuWords(hops, death)] : []);
	const words = [...suspects, ...counted];
	return {
		cause: 'vanished',
		says: `${before}vanished between ${from ? word(from) : 'the client'} and ${word(hop)}${words.length > 0 ? ` (${words.join(', ')})` : ''}`,
		command: telling[0]?.command ?? moved[0]?.command ?? hop.command,
		evidence: [
			...hop.evidence,
			...moved.slice(0, 8).map(({interface: link, name, by, command}) => ({
				fact: `${link ? `${link}: ` : ''}${name} moved by ${by} while the request was under way`,
				source: 'counters before and after',
				command,
				certainty: 'observed' as const,
			})),
		],
	};
}

/** Smaller ones came through: what is too large for a link is named by the links' own sizes, as far as they are known. */
function mtuWords(hops: readonly Hop[], {at, last}: Death): string {
	const names = [...new Set(hops.slice(Math.max(0, last), at + 1).flatMap(({kind, name}) => (links.has(kind) && name ? [name] : [])))];
	return `smaller ones came through: compare the MTU of ${names.join(' and ') || 'the links there'}`;
}

const links = new Set<Hop['kind']>(['nic', 'bridge', 'veth', 'interface']);

function causeOfLegacy(name: string): Hop['cause'] {
	return / -j REJECT\b/.test(name) ? 'rejected' : name.endsWith('policy DROP') ? 'policy-drop' : 'dropped';
}

function word({kind, name}: Hop): string {
	return kind === 'netfilter' || name === '' || name.startsWith(kind) ? name || kind : `${kind} ${name}`;
}

/** The hop of the request's path where the answer stops, or the last one that it still passes before it leaves that path. */
function onRequest({hops, reply}: Path, at: number): number {
	for (let index = at; index >= 0; index--) {
		const hop = reply?.hops[index];
		const found = hops.findLastIndex(
			one => hop !== undefined && one.kind === hop.kind && one.of === hop.of && one.name === hop.name && one.connection === hop.connection,
		);
		if (found !== -1) return found;
	}
	return hops.length - 1;
}

/** Nothing could be looked at: the client alone says how it fared. */
function unobserved(path: Path, {probe}: Trace): Path {
	const reached = probe?.reached ?? null;
	if (reached === null) return {...path, verdict: 'undetermined', blockedAt: null, lost: null};
	if (reached) return path.verdict === 'forwarded' ? path : {...path, verdict: 'delivered', blockedAt: null, lost: null};
	return path.verdict === 'blocked' ? path : {...path, verdict: 'undetermined', blockedAt: null, lost: null};
}

function sentence({hops, reply, blockedAt, lost}: Path, outcome: Outcome): string {
	if (outcome.kind === 'arrived') return outcome.says || 'the request and its answer were seen on their way';
	if (outcome.kind === 'nothing' || outcome.kind === 'undetermined') return outcome.says;
	const hop = lost === 'answer' && reply ? reply.hops[reply.blockedAt ?? 0] : hops[blockedAt ?? 0];
	return hop?.says ?? '';
}

function gapsOf({hops, verdict}: Path, {sights, plan}: Trace, scene: Scene, observed: readonly Observed[]): string[] {
	const fared = verdict === 'delivered' || verdict === 'forwarded';
	/** Packets of the request's connections were left out there that would have told something. */
	const lacks = (place: string) =>
		hops.some((hop, index) => {
			if (scene.placeOf(hop) !== place) return false;
			return observed[index]?.gap === tooMany || (!fared && !scene.isTraced(place, hop.connection, 'later'));
		});
	return sights.flatMap(({place, packets, rules, conntrack}) => {
		const name = plan.places.find(({key}) => key === place)?.names[0] ?? 'the host';
		const gaps = [packets, rules ?? (lacks(place) ? tooMany : null), conntrack].filter(gap => gap !== null);
		return [...new Set(gaps.map(({why, tell}) => `in ${name}: ${why}${tell ? ` (${tell})` : ''}`))];
	});
}
