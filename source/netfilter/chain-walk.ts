import type {Gap} from '../model/index.js';
import {nextRule} from './chain-index.js';
import {type Possibility, passesBy, possibilities} from './evaluate.js';
import type {Frame} from './frame.js';
import type {Chain, Doubt, Rule} from './model.js';
import {touching} from './touched.js';
import type {Trace} from './trace.js';
import type {HookVerdict} from './types.js';

/**
 * One way in which the walk may have gone. Where a match cannot be told, the walk goes on both ways; ways that come to the same
 * packet at the same place are one again, so that what could not be told is forgotten where it made no difference.
 */
export interface World {
	frame: Frame;
	choices: Choice | null;
}

/** At which rule this way parted from others, and why. */
export interface Choice {
	step: number;
	branch: number;
	gap: Gap;
	before: Choice | null;
}

/** A way that ends here. */
export interface Stop {
	world: World;
	verdict: Exclude<HookVerdict, 'accept'>;
	step: number;
	/** Why, for undetermined. */
	gap: Gap | null;
}

/** What came out of a base chain. */
export interface Leaving {
	accepted: World[];
	/** An address translation was decided. */
	mapped: World[];
	stops: Stop[];
}

/** Walks through a base chain with all that it calls; what falls off its end meets the policy. */
export function walkBaseChain(chain: Chain, worlds: World[], trace: Trace): Leaving {
	const leaving: Leaving = {accepted: [], mapped: [], stops: []};
	const rest = walkChain(chain, worlds, trace, leaving, 0);
	const policy = chain.base?.policy ?? 'accept';
	const [first] = rest;
	if (!first) return leaving;
	// An empty chain that accepts is no event.
	const step = chain.rules.length > 0 || policy === 'drop' ? trace.policy(chain, first.frame) : trace.length;
	if (policy === 'accept') leaving.accepted.push(...rest);
	else leaving.stops.push(...rest.map(world => ({world, verdict: policy, step, gap: null})));
	return leaving;
}

/** Gives what comes back out of the chain: past its end, by RETURN, or out of a chain gone to for good. */
function walkChain(chain: Chain, worlds: World[], trace: Trace, leaving: Leaving, depth: number): World[] {
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
		if (here.every(({frame}) => passesBy(rule, frame))) trace.passed(chain, rule.number, first.frame);
		else here = meet(rule, here, trace, leaving, depth, back);
	}
	return merged([...here, ...back]);
}

/** One rule that may say something: gives those that go on with the next one. */
function meet(rule: Rule, here: World[], trace: Trace, leaving: Leaving, depth: number, back: World[]): World[] {
	const all = here.map(world => ({world, list: possibilities(rule, world.frame)}));
	const step = trace.add(
		rule,
		(here[0] as World).frame,
		all.flatMap(({list}) => list),
	);
	const next: World[] = [];
	const calls = new Map<string, {to: string; how: 'jump' | 'goto'; worlds: World[]}>();
	for (const {world, list} of all) {
		for (const [branch, one] of list.entries()) {
			const going = {frame: one.frame, choices: list.length > 1 ? choice(rule, world, step, branch, one) : world.choices};
			const {effect} = one;
			if (effect.kind === 'next' || effect.kind === 'mismatch') next.push(going);
			else if (effect.kind === 'return') back.push(going);
			else if (effect.kind === 'mapped') leaving.mapped.push(going);
			else if (effect.kind === 'unknown') leaving.stops.push({world: going, verdict: 'undetermined', step, gap: named(rule, effect.doubt)});
			else if (effect.kind === 'call') {
				const key = `${effect.how} ${effect.to}`;
				const call = calls.get(key) ?? {to: effect.to, how: effect.how, worlds: []};
				calls.set(key, {...call, worlds: [...call.worlds, going]});
			} else if (effect.verdict === 'accept') leaving.accepted.push(going);
			else leaving.stops.push({world: going, verdict: effect.verdict, step, gap: null});
		}
	}
	for (const {to, how, worlds} of calls.values()) {
		const target = rule.chain.table.chains.get(to);
		if (target && depth < deepest) (how === 'jump' ? next : back).push(...walkChain(target, merged(worlds), trace, leaving, depth + 1));
		else {
			const gap = named(rule, {
				id: 'read-failed',
				why: target ? 'its calls run too deep' : `the chain ${to} is not in the dump`,
				tell: 'nft list ruleset',
			});
			leaving.stops.push(...worlds.map(world => ({world, verdict: 'undetermined' as const, step, gap})));
		}
	}
	return merged(next);
}

function choice(rule: Rule, world: World, step: number, branch: number, {doubt}: Possibility): Choice {
	const gap = named(rule, doubt ?? {id: 'rule-not-understood', why: 'not understood', tell: ''});
	return {step, branch, gap, before: world.choices};
}

/** The doubt with the rule that it is about. */
function named({chain, number}: Rule, {id, why, tell}: Doubt): Gap {
	return {id, why: `${chain.table.name} ${chain.name} rule ${number}: ${why}`, tell};
}

/** Ways that came to the same packet are one. It may have been added to what either of them added it to. */
export function merged(worlds: World[]): World[] {
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
