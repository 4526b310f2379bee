import type {CauseId, Hop, SeenRule} from '../model/index.js';
import type {Phase, Scene} from './scene.js';
import {hookOf, type Sight} from './sight.js';

/** Where the packets of one phase died. */
export interface Death {
	at: number;
	/** rule: a rule was seen that dropped it; hook: it went into the hook and not out; explained: nothing contradicts the walk; vanished: nobody knows. */
	how: 'rule' | 'hook' | 'explained' | 'vanished';
	rule: SeenRule | null;
	/** Index of the last hop where it was seen; -1: nowhere. */
	last: number;
	/** Only packets of so many bytes die: smaller ones come through. */
	larger?: number;
}

/**
 * The hop where the packets of a phase stop: a hook whose rule was seen to drop them, else the first hop that should have seen them and
 * did not, or the one between it and the last that did which the walk says stops them. null: they came through as far as can be seen.
 */
export function locate(scene: Scene, hops: readonly Hop[], sights: readonly Sight[], phase: Phase): Death | null {
	const last = sights.findLastIndex(({seen}) => seen === true);
	const dropped = dropOf(scene, hops, phase, last);
	if (dropped) return {...dropped, how: 'rule', last};
	const hook = sights.findIndex(({left}, index) => left === false && index >= last - 1);
	if (hook !== -1) {
		const at = refusedWithin(hops, hook) ? hook + 1 : hook;
		return {at, how: explainedAt(hops, at) ? 'explained' : 'hook', rule: null, last};
	}
	const next = sights.findIndex(({seen}, index) => index > last && seen === false);
	const until = next === -1 ? hops.length - 1 : next;
	const explained = hops.findIndex(
		(hop, index) =>
			hop.verdict === 'blocks' && index <= until && (index > last || (index === last && stopsBehind.has(hop.kind)) || isFlooded(hop)),
	);
	// Where the walk does not know either, and nothing could be seen, it may have stopped before.
	const isOpen = (hop: Hop, index: number) =>
		index > last && index < explained && hop.verdict === 'undetermined' && sights[index]?.seen === null;
	if (explained !== -1 && !hops.some(isOpen)) return {at: explained, how: 'explained', rule: null, last};
	return next === -1 ? null : {at: next, how: 'vanished', rule: null, last};
}

/** Kinds that show a packet also where they do not let it on. */
const stopsBehind = new Set<Hop['kind']>(['veth', 'bridge', 'interface', 'nic', 'port', 'process', 'proxy', 'neighbour']);

/** A frame with a wrong hardware address goes to every port of its bridge, and is taken by none: behind the stop it is seen all the same. */
function isFlooded({cause}: Hop): boolean {
	return cause === 'wrong-neighbour';
}

/** The kernel routes again within OUTPUT where its destination or mark was changed: a route that refuses ends it there. */
function refusedWithin(hops: readonly Hop[], hook: number): boolean {
	return hops[hook]?.name === 'OUTPUT' && !explainedAt(hops, hook) && hops[hook + 1]?.kind === 'route' && explainedAt(hops, hook + 1);
}

function explainedAt(hops: readonly Hop[], index: number): boolean {
	return hops[index]?.verdict === 'blocks';
}

/**
 * The same for a way of several connections: each begins anew, so that what is seen of a later one tells nothing of the one before (docker-proxy
 * has taken a connection before it opens its own, and answers it whatever becomes of that).
 */
export function locateEach(scene: Scene, hops: readonly Hop[], sights: readonly Sight[], phase: Phase): Death | null {
	for (let end = 1; end <= hops.length; end++) {
		if (end < hops.length && hops[end]?.connection === hops[end - 1]?.connection) continue;
		const death = locate(scene, hops.slice(0, end), sights.slice(0, end), phase);
		if (death) return death;
	}
	return null;
}

/** A rule that was seen to drop some of a phase's packets and let others through: those with data, those of a size. */
export function locatePart(scene: Scene, hops: readonly Hop[], sights: readonly Sight[], phase: Phase): Death | null {
	const last = sights.findLastIndex(({seen}) => seen === true);
	const dropped = dropOf(scene, hops, phase, last, true);
	return dropped && {...dropped, how: 'rule', last};
}

/** A rule that dropped them, in a hook that none of them left (`partly`: that one of them did not leave): at that hook's hop, else (the walk has none there) at the next. */
function dropOf(scene: Scene, hops: readonly Hop[], phase: Phase, last: number, partly = false): {at: number; rule: SeenRule} | null {
	const visits = new Map(
		hops.map(hop => [`${scene.placeOf(hop)} ${hop.connection}`, {place: scene.placeOf(hop), connection: hop.connection}]),
	);
	for (const {place, connection} of visits.values()) {
		const passes = scene.passes(place, connection, phase);
		const drop = passes.find(pass => pass.dropped);
		if (!drop) continue;
		if (!partly && passes.some(pass => pass.hook === drop.hook && pass.layer === drop.layer && pass.edge === 'last')) continue;
		const rule = drop.rules.findLast(one => /^(policy )?drop$/.test(one.verdict));
		if (!rule) continue;
		const own = hops.findIndex(
			hop =>
				hop.kind === 'netfilter' &&
				hop.connection === connection &&
				scene.placeOf(hop) === place &&
				hookOf(hop) === drop.hook &&
				drop.layer === 'ip',
		);
		return {at: own === -1 ? Math.min(last + 1, hops.length - 1) : own, rule};
	}
	return null;
}

/** Whether the walk says that it is this rule (or policy) that stops the packet at this hop. */
export function isDecided(hop: Hop, {family, table, chain, handle}: SeenRule): boolean {
	return hop.steps.some(
		step =>
			step.matched !== false &&
			/drop|reject/.test(step.verdict ?? '') &&
			step.family === family &&
			step.table === table &&
			step.chain === chain &&
			(step.rule === null ? handle === null : step.handle === null || step.handle === handle),
	);
}

/** What a rule that dropped says of the cause. */
export function causeOfRule(rule: SeenRule): CauseId {
	if (/reject/i.test(rule.text)) return 'rejected';
	return rule.handle === null ? 'policy-drop' : 'dropped';
}
