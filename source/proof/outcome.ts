import type {Hop, Path, Trace} from '../model/index.js';
import {type Death, locate, locateEach, locatePart} from './locate.js';
import type {Phase, Scene} from './scene.js';
import {type Sight, sightOf} from './sight.js';
import {tooLarge} from './too-large.js';

/** How the request really fared. */
export type Outcome =
	| {kind: 'nothing'; says: string}
	| {kind: 'arrived'; verdict: 'delivered' | 'forwarded'; says: string}
	| {kind: 'undetermined'; says: string}
	/** lost: which packet; death: on the request's hops, or (answer) on those of the way back. */
	| {kind: 'lost'; lost: 'request' | 'answer' | 'later'; death: Death; says: string}
	/** The target itself does not take it: no listener, no process. */
	| {kind: 'refused'; at: number; says: string; cause: Hop['cause']};

export interface Sights {
	request: Sight[];
	answer: Sight[];
}

/** What happened to the request, from what was seen of its packets, phase by phase, and of its client. */
export function outcomeOf(path: Path, trace: Trace, scene: Scene, sights: Sights): Outcome {
	const reached = trace.probe?.reached ?? null;
	const looked = trace.sights.some(({packets, rules}) => packets === null || rules === null) || isCounted(trace);
	if (!looked) return {kind: 'nothing', says: 'nothing could be looked at'};
	if (path.from.kind === 'any' && trace.client !== null)
		return {
			kind: 'undetermined',
			says: `${trace.client.address} asked, and nothing on this host has that address now: its way cannot be told`,
		};
	if (!scene.sawRequest && trace.plan.send === null)
		return {kind: 'nothing', says: `no request came within ${trace.plan.timeoutSeconds} s`};
	const udp = path.to.proto === 'udp';
	const death = locate(scene, path.hops, sights.request, 'request');
	const end = path.hops.findLastIndex(({kind}) => kind === 'port' || kind === 'nic');
	const arrived = sights.request[end]?.seen === true;
	if (reached === true || (reached === null && trace.plan.send === null && answered(path, scene, udp)))
		return success(path, sights, arrived);
	if (diverted(path, sights))
		return {kind: 'refused', at: path.blockedAt ?? 0, cause: path.hops[path.blockedAt ?? 0]?.cause ?? null, says: 'as explained'};
	if (death && !(arrived && death.at >= end)) return {kind: 'lost', lost: 'request', death, says: ''};
	if (path.verdict === 'forwarded' && arrived)
		return {
			kind: 'arrived',
			verdict: 'forwarded',
			says: `it left this host by its NIC; ${back(scene) ? 'an answer came from outside' : 'no answer came'}`,
		};
	if (!arrived) return {kind: 'undetermined', says: 'where it stopped cannot be seen'};
	return behindPort(path, trace, scene, sights, end, udp);
}

/** Nobody could look at packets, but links were counted: a request that fared badly may have come by none of them. */
function isCounted({plan, traffic = []}: Trace): boolean {
	return plan.send !== null && traffic.length > 0;
}

/** The request came as far as the port: does anybody take it, does the answer come back, do the packets that follow pass? */
function behindPort(path: Path, trace: Trace, scene: Scene, sights: Sights, end: number, udp: boolean): Outcome {
	const port = path.hops[end] as Hop;
	const place = scene.placeOf(port);
	const explained = path.hops.findIndex((hop, index) => index >= end && hop.verdict === 'blocks');
	const answers = [...scene.passes(place, port.connection, 'answer'), ...scene.packets(place, port.connection, 'answer')];
	const refusedBy = explained !== -1 ? (path.hops[explained]?.cause ?? null) : 'nothing-listens';
	const refuses = udp
		? trace.errors.some(error => error.place === place && /port .*unreachable/.test(error.says)) || trace.probe?.errno === 'ECONNREFUSED'
		: answers.length > 0 && answers.every(({flags}) => flags.includes('rst'));
	if (refuses)
		return {kind: 'refused', at: explained === -1 ? end : explained, cause: refusedBy, says: 'the kernel there refuses it: nobody listens'};
	const back = path.reply?.hops ?? [];
	const answer = locateEach(scene, back, sights.answer, 'answer');
	if (answers.length === 0) {
		// An answer that finds no route shows nowhere.
		if (path.lost === 'answer' && answer?.how === 'explained') return {kind: 'lost', lost: 'answer', death: answer, says: ''};
		if (udp) return silentDatagram(path, explained, end);
		return unanswered(trace, place, explained === -1 ? end : explained, explained === -1 ? null : refusedBy);
	}
	if (answer) return {kind: 'lost', lost: 'answer', death: answer, says: ''};
	if (udp) return {kind: 'undetermined', says: 'an answer left the target; whether it came back cannot be seen'};
	for (const phase of ['later', 'data'] as const) {
		const hops = phase === 'later' ? path.hops : back;
		const seen = hops.map((_, index) => sightOf(scene, hops, index, phase));
		if (!seen.some(one => one.seen === true && one.packets.length + one.passes.length > 0)) continue;
		const death = locate(scene, hops, seen, phase);
		const stopsAtEnd = phase === 'later' && death !== null && death.at >= end && seen[end]?.seen === true;
		const lost = phase === 'later' ? 'later' : 'answer';
		const explainedAt = path.lost !== lost ? null : phase === 'later' ? path.blockedAt : (path.reply?.blockedAt ?? null);
		if (death && ((death.how !== 'explained' && !stopsAtEnd) || death.at === explainedAt)) return {kind: 'lost', lost, death, says: ''};
	}
	const part = partlyLost(path, scene);
	if (part && trace.probe?.reached === false) return part;
	const large = tooLarge(path, scene);
	if (large) return {kind: 'lost', says: '', ...large};
	// A handshake that the client did not end is no matter of the process.
	if (untaken(scene, place, port))
		return {kind: 'undetermined', says: 'the answer was seen on its way, and nothing tells that the client took it'};
	const process = path.hops.findIndex(({kind}, index) => index >= end && kind === 'process');
	// A process that may merely be slow is not blamed, unless the walk knows that it cannot run.
	const stuck = trace.probe?.reached === false || (path.hops[process]?.verdict === 'blocks' && unread(trace, scene, place, port));
	if (stuck && process !== -1)
		return {
			kind: 'refused',
			at: process,
			cause: path.hops[process]?.cause ?? null,
			says: 'its kernel takes the connection, the process does not',
		};
	return {kind: 'undetermined', says: 'the connection opened, and no byte came back'};
}

/** Nothing came to the target of what a client sends that has got the answer to its SYN, although it could have been seen there. */
function untaken(scene: Scene, place: string, {connection}: Hop): boolean {
	const sight = scene.sightOf(place);
	if (sight?.packets !== null && sight?.rules !== null) return false;
	return scene.packets(place, connection, 'later').length + scene.passes(place, connection, 'later').length === 0;
}

/** Of what follows the handshake, a rule dropped the packets that matter (those with data), and let others through. */
function partlyLost(path: Path, scene: Scene): (Outcome & {kind: 'lost'}) | null {
	for (const [phase, lost] of [['later', 'later'] as const, ['data', 'answer'] as const]) {
		const hops = lost === 'later' ? path.hops : (path.reply?.hops ?? []);
		const sights = hops.map((_, index) => sightOf(scene, hops, index, phase));
		const death = locatePart(scene, hops, sights, phase);
		if (death) return {kind: 'lost', lost, death, says: ''};
	}
	return null;
}

/** From a client elsewhere: it sent its question, the target's kernel took it in, and no byte came of it while the trace lasted. */
function unread({plan}: Trace, scene: Scene, place: string, port: Hop): boolean {
	if (plan.send !== null) return false;
	const asked = scene.packets(place, port.connection, 'later').some(({length}) => length > 0);
	return asked && !scene.packets(place, port.connection, 'data').some(({length}) => length > 0);
}

/** The kernel of the target gave no answer to a SYN: its listener's queue is full, as a counter tells, or nobody knows why. */
function unanswered({counters}: Trace, place: string, at: number, explained: Hop['cause']): Outcome {
	const full = counters.find(counter => counter.place === place && /ListenOverflows|ListenDrops|TCPReqQFullDrop/.test(counter.name));
	const says = `it arrived, and the kernel there gave no answer${full ? `: ${full.name} +${full.by}` : ''}`;
	return {kind: 'refused', at, cause: explained ?? (full ? 'backlog-full' : 'vanished'), says};
}

/** Nobody answers a datagram that he has no answer to: that it reached its socket is all that can be asked. */
function silentDatagram(path: Path, explained: number, end: number): Outcome {
	if (explained !== -1)
		return {kind: 'refused', at: explained, cause: path.hops[explained]?.cause ?? null, says: 'it arrived, and no answer came'};
	if (path.hops[end]?.verdict === 'passes' && path.verdict === 'delivered')
		return {kind: 'arrived', verdict: 'delivered', says: 'the datagram reached its socket; no answer came, and none need come'};
	return {kind: 'undetermined', says: 'the datagram arrived; whether a process took it cannot be seen'};
}

/** An answer came. It proves delivery only if nothing shows that it was another one who answered. */
function success(path: Path, sights: Sights, arrived: boolean): Outcome {
	if (path.verdict === 'forwarded') return {kind: 'arrived', verdict: 'forwarded', says: 'an answer came from outside'};
	const another = path.blockedAt !== null && path.hops[path.blockedAt]?.cause === 'answered-by-another';
	if (another && arrived)
		return {
			kind: 'refused',
			at: path.blockedAt ?? 0,
			cause: 'answered-by-another',
			says: 'an answer came, from another than was asked for',
		};
	const end = path.hops.findLastIndex(({kind}) => kind === 'port');
	if (end !== -1 && sights.request[end]?.seen === false && sights.request.slice(0, end).some(({seen}) => seen === false))
		return {kind: 'undetermined', says: 'an answer came, but the request was not seen at its target: somebody else may have answered'};
	return {kind: 'arrived', verdict: 'delivered', says: ''};
}

/** Whether anything came back for the first connection. */
function back(scene: Scene): boolean {
	return scene.packets('host', 1, 'answer').length > 0;
}

/** The walk says that the packet goes another way than it should, and it was seen to. */
function diverted({hops, blockedAt}: Path, {request}: Sights): boolean {
	return blockedAt !== null && diversions.has(hops[blockedAt]?.cause ?? null) && request[blockedAt]?.seen === true;
}

const diversions = new Set<Hop['cause']>(['misrouted', 'answered-by-another']);

/** Of another's request: bytes of the target were seen on the last link of their way that can be looked at, and nothing behind it kept them. */
function answered(path: Path, scene: Scene, udp: boolean): boolean {
	const phase: Phase = udp ? 'answer' : 'data';
	const way = path.reply?.hops ?? [];
	const end = way.at(-1);
	if (!end) return false;
	const sights = way.map((_, index) => sightOf(scene, way, index, phase));
	const link = sights.findLastIndex(({packets}, index) => packets.length > 0 && way[index]?.connection === 1);
	const seen = sights[link]?.packets ?? scene.packets(scene.placeOf(end), 1, phase);
	const kept = locate(scene, way, sights, phase);
	return seen.some(packet => udp || packet.length > 0) && kept === null;
}
