import type {Gap} from '../model/index.js';
import {clean} from '../text/clean.js';
import {nextRule} from './chain-index.js';
import {type Possibility, passesBy, possibilities} from './evaluate.js';
import type {Frame} from './frame.js';
import type {Chain, Doubt, Effect, Rule} from './model.js';
import type {Stage} from './stages.js';
import {touching} from './touched.js';
import type {Event, Trace} from './trace.js';
import type {HookVerdict} from './types.js';

/**
 * One way in which the walk may have gone. Where a match cannot be told, the walk goes on both ways; ways that come to the same
 * packet at the same place are one again, so that what could not be told is forgotten where it made no difference.
 */
export interface World {
	frame: Frame;
	choices: Choice | null;
}

/** Where this way parted from others, and why. */
export interface Choice {
	/** A rule that may come to several ends, or a place where one of several chains comes first. */
	at: Event | Fork;
	branch: number;
	gap: Gap;
	before: Choice | null;
}

/** A place where one of several chains comes first. */
export interface Fork {
	between: number;
}

/** A way that ends here. */
export interface Stop {
	world: World;
	verdict: Exclude<HookVerdict, 'accept'>;
	/** What decided; null where no single rule did. */
	step: Event | null;
	/** Why, for undetermined. */
	gap: Gap | null;
	/** Where in its hook. */
	stage?: Stage;
}

/** What came out of a base chain. */
export interface Leaving {
	accepted: World[];
	/** An address translation was decided. */
	mapped: World[];
	stops: Stop[];
}

/**
 * Walks through a base chain with all that it calls; what falls off its end meets the policy. `partial`: some ways of the walk do
 * not come here, so that nothing met here is certain.
 */
export function walkBaseChain(chain: Chain, worlds: World[], trace: Trace, partial: boolean): Leaving {
	const leaving: Leaving = {accepted: [], mapped: [], stops: []};
	const rest = walkChain(chain, worlds, {trace, leaving, partial, depth: 0});
	const policy = chain.base?.policy ?? 'accept';
	const [first] = rest;
	if (!first) return leaving;
	// An empty chain that accepts is no event.
	const event = chain.rules.length > 0 || policy === 'drop';
	const step = event ? trace.policy(chain, first.frame, partial || someLeft(leaving)) : null;
	if (policy === 'accept') leaving.accepted.push(...rest);
	else leaving.stops.push(...rest.map(world => ({world, verdict: policy, step, gap: null})));
	return leaving;
}

/** Where the walk stands. */
interface Visit {
	trace: Trace;
	leaving: Leaving;
	partial: boolean;
	depth: number;
}

function someLeft({accepted, mapped, stops}: Leaving): boolean {
	return accepted.length + mapped.length + stops.length > 0;
}

/** Gives what comes back out of the chain: past its end, by RETURN, or out of a chain gone to for good. */
function walkChain(chain: Chain, worlds: World[], visit: Visit): World[] {
	const {trace, leaving} = visit;
	let here = worlds;
	const back: World[] = [];
	for (let position = 0; position < chain.rules.length; position++) {
		const [first, another] = here;
		if (!first) break;
		const next = another ? position : nextRule(chain, position, first.frame);
		if (next > position) trace.passed(chain, position + 1, first.frame, next - position);
		position = next;
		const rule = chain.rules[position];
		if (!rule) break;
		if (trace.size > mostEvents || here.length > mostWays) {
			const gap = named(rule, {id: 'rule-not-understood', why: 'too many ways to follow', tell: 'a trace of a real request'});
			leaving.stops.push(...[...here, ...back].map(world => ({world, verdict: 'undetermined' as const, step: null, gap})));
			return [];
		}
		if (another ? here.every(({frame}) => passesBy(rule, frame)) : passesBy(rule, first.frame))
			trace.passed(chain, rule.number, first.frame);
		else {
			const met = meet(rule, here, visit, visit.partial || back.length > 0 || someLeft(leaving));
			back.push(...met.back);
			here = merged(met.next, []);
		}
	}
	return merged(here, back);
}

/** One rule that may say something: gives those that go on with the next one, and those that leave the chain for its caller. */
function meet(rule: Rule, here: World[], visit: Visit, partial: boolean): {next: World[]; back: World[]} {
	const {trace, leaving} = visit;
	const all = here.map(world => possibilities(rule, world.frame));
	const step = trace.add(rule, (here[0] as World).frame, all.length === 1 ? (all[0] as Possibility[]) : all.flat(), partial);
	const met = {next: [] as World[], back: [] as World[]};
	let calls: Map<string, Call> | null = null;
	for (let at = 0; at < all.length; at++) {
		const world = here[at] as World;
		const list = all[at] as Possibility[];
		for (let branch = 0; branch < list.length; branch++) {
			const one = list[branch] as Possibility;
			const {effect} = one;
			const choices = list.length > 1 ? choice(rule, world, step, branch, one) : world.choices;
			const going = one.frame === world.frame && choices === world.choices ? world : {frame: one.frame, choices};
			if (effect.kind === 'next' || effect.kind === 'mismatch') met.next.push(going);
			else if (effect.kind === 'return') met.back.push(going);
			else if (effect.kind === 'mapped') leaving.mapped.push(going);
			else if (effect.kind === 'unknown') leaving.stops.push({world: going, verdict: 'undetermined', step, gap: named(rule, effect.doubt)});
			else if (effect.kind === 'call') {
				calls ??= new Map();
				const key = `${effect.how} ${effect.to}`;
				const known = calls.get(key);
				if (known) known.worlds.push(going);
				else calls.set(key, {to: effect.to, how: effect.how, worlds: [going]});
			} else if (effect.verdict === 'accept') leaving.accepted.push(going);
			else leaving.stops.push({world: going, verdict: effect.verdict, step: stopping(step, effect), gap: null});
		}
	}
	if (!calls) return met;
	const elsewhere = partial || calls.size > 1 || met.next.length + met.back.length > 0 || someLeft(leaving);
	for (const called of calls.values()) {
		const returned = call(rule, called, step, {trace, leaving, partial: elsewhere, depth: visit.depth + 1});
		met[called.how === 'jump' ? 'next' : 'back'].push(...returned);
	}
	return met;
}

/** The step as it is where the rule stops the packet, also where it is not certain to. */
function stopping(step: Event, {verdict, reject}: Extract<Effect, {kind: 'verdict'}>): Event {
	return () => ({...step(), verdict, reject: reject ?? null});
}

interface Call {
	to: string;
	how: 'jump' | 'goto';
	worlds: World[];
}

function call(rule: Rule, {to, worlds}: Call, step: Event, visit: Visit): World[] {
	const target = rule.chain.table.chains.get(to);
	if (target && visit.depth <= deepest) return walkChain(target, merged(worlds, []), visit);
	const why = target ? 'its calls run too deep' : `the chain ${to} is not in the dump`;
	const gap = named(rule, {id: 'read-failed', why, tell: 'nft list ruleset'});
	visit.leaving.stops.push(...worlds.map(world => ({world, verdict: 'undetermined' as const, step, gap})));
	return [];
}

function choice(rule: Rule, world: World, at: Event, branch: number, {doubt}: Possibility): Choice {
	const gap = named(rule, doubt ?? {id: 'rule-not-understood', why: 'not understood', tell: ''});
	return {at, branch, gap, before: world.choices};
}

/** The doubt with the rule that it is about. */
function named({chain, number}: Rule, {id, why, tell}: Doubt): Gap {
	// Names of sets and interfaces in it come from outside.
	return {id, why: clean(`${chain.table.name} ${chain.name} rule ${number}: ${why}`), tell};
}

/** Ways that came to the same packet are one. It may have been added to what either of them added it to. */
export function merged(some: World[], others: World[]): World[] {
	const worlds = others.length === 0 ? some : some.length === 0 ? others : [...some, ...others];
	if (worlds.length < 2) return worlds;
	const distinct = new Map<string, World>();
	for (const world of worlds) {
		const {touchedSets = [], ...headers} = world.frame.packet;
		const key = JSON.stringify(headers);
		const known = distinct.get(key);
		const packet = known && touchedSets.reduce(touching, known.frame.packet);
		distinct.set(key, known && packet ? {...known, frame: known.frame.with(packet)} : world);
	}
	return [...distinct.values()];
}

/** The kernel allows 16 (NFT_JUMP_STACK_SIZE); iptables-legacy more. */
const deepest = 128;

/** Far beyond any ruleset that a kernel would take; a dump may hold loops all the same. */
const mostEvents = 50_000;
const mostWays = 64;
