import type {Packet} from '../model/index.js';
import {clean} from '../text/clean.js';
import {nextRule} from './chain-index.js';
import {failingMatch, matchesOf, type Possibility} from './evaluate.js';
import type {Frame} from './frame.js';
import {inAllOrders} from './in-all-orders.js';
import {labelOf} from './labels.js';
import type {Chain, Rule} from './model.js';
import type {WalkStep} from './types.js';

/**
 * What a walk met, kept small: rules that were passed by in a row are one entry, and become steps only when somebody reads them,
 * for a chain with a rule per container has thousands of those.
 */
export class Trace {
	#parts: Part[] = [];
	#last: Passed | null = null;

	/** What it takes to keep them: rules passed by in a row count once. */
	get size(): number {
		return this.#parts.length;
	}

	/** Rules that did not match: `count` in a row, from the number given on. */
	passed(chain: Chain, number: number, frame: Frame, count = 1): void {
		const last = this.#last;
		if (last?.chain === chain && last.frame === frame && last.to === number - 1) last.to += count;
		else {
			this.#last = {chain, frame, from: number, to: number + count - 1};
			this.#parts.push(this.#last);
		}
	}

	/** A rule that matched, or may have. `partial`: if it was met at all. */
	add(rule: Rule, frame: Frame, outcomes: Possibility[], partial: boolean): Event {
		return this.#add(() => certain(metStep(rule, frame, outcomes), partial), partial ? nothing : outcomes);
	}

	/** The policy of a base chain. */
	policy(chain: Chain, frame: Frame, partial: boolean): Event {
		return this.#add(() => certain(policyStep(chain, frame), partial), nothing);
	}

	/** The same chains as they were met in each of the orders that may be the kernel's. */
	anyOf(walks: readonly Trace[]): void {
		const [only, another] = walks;
		if (only && !another) this.#parts.push(...only.#parts);
		else this.#parts.push({walks});
		this.#last = null;
	}

	/** See HookResult. */
	hasSay(any: boolean): boolean {
		return this.#parts.some(part => {
			if ('walks' in part) return inAllOrders(part.walks.map(walk => walk.met())).some(step => step.rule !== null && says(step, any));
			return 'event' in part && says(cameTo(part.outcomes), any);
		});
	}

	/** All, rules passed by included. */
	steps(): WalkStep[] {
		return this.#read(passedSteps, walk => walk.steps());
	}

	/** Those that matched or may have, without the rules passed by. */
	met(): WalkStep[] {
		return this.#read(
			() => [],
			walk => walk.met(),
		).filter(({matched}) => matched !== false);
	}

	/** Those that divide packets (WalkStep.dividesBy), without a look at rules for another destination. */
	dividing(): WalkStep[] {
		return this.#read(
			passed => passedSteps(passed, true),
			walk => walk.dividing(),
		).filter(({dividesBy}) => dividesBy.length > 0);
	}

	#read(passed: (passed: Passed) => WalkStep[], inner: (walk: Trace) => WalkStep[]): WalkStep[] {
		return this.#parts.flatMap(part => {
			if ('event' in part) return [part.event()];
			return 'walks' in part ? inAllOrders(part.walks.map(inner)) : passed(part);
		});
	}

	#add(event: Event, outcomes: readonly Possibility[]): Event {
		this.#parts.push({event, outcomes});
		this.#last = null;
		return event;
	}
}

/** Something that was met: made into a step when it is read. */
export type Event = () => WalkStep;

type Part = Passed | Met | {walks: readonly Trace[]};

interface Met {
	event: Event;
	/** What came of a rule for certain; empty: not certain that it was met, or a policy. */
	outcomes: readonly Possibility[];
}

const nothing: readonly Possibility[] = [];

/** Whether the rule matched and did more than lead on; any: or did that at all. */
function says({matched, verdict}: Pick<WalkStep, 'matched' | 'verdict'>, any: boolean): boolean {
	return matched === true && (any || !leading.has(verdict ?? 'continue'));
}

const leading = new Set(['jump', 'goto', 'return', 'continue']);

interface Passed {
	chain: Chain;
	frame: Frame;
	/** Rule numbers, inclusive. */
	from: number;
	to: number;
}

function passedSteps({chain, frame, from, to}: Passed, onlyNear = false): WalkStep[] {
	const steps: WalkStep[] = [];
	for (let position = from - 1; position < to; position++) {
		if (onlyNear) position = nextRule(chain, position, frame);
		const rule = chain.rules[position];
		if (rule && position < to && (!onlyNear || dividesBy(rule, frame).length > 0)) steps.push(passedStep(rule, frame));
	}
	return steps;
}

function passedStep(rule: Rule, frame: Frame): WalkStep {
	const failing = failingMatch(rule, frame);
	const why = failing ? clean(`${failing.words}: ${failing.has(frame)}`) : null;
	return {...ruleStep(rule, frame), matched: false, why, dividesBy: dividesBy(rule, frame)};
}

function metStep(rule: Rule, frame: Frame, outcomes: readonly Possibility[]): WalkStep {
	const step = {...ruleStep(rule, frame), ...cameTo(outcomes)};
	if (step.matched === null) return step;
	const [one] = outcomes;
	if (!step.matched || !one) return {...step, dividesBy: dividesBy(rule, frame)};
	const to = one.effect.kind === 'call' ? one.effect.to : null;
	return {...step, to, rewrite: rewriteOf(frame, one.frame), dividesBy: dividesBy(rule, frame)};
}

/** What came of a rule for all packets that met it (several after a rule that could not be told): said only where they agree. */
function cameTo(outcomes: readonly Possibility[]): Pick<WalkStep, 'matched' | 'verdict' | 'reject' | 'why'> {
	const [one] = outcomes;
	if (one?.effect.kind === 'mismatch' && outcomes.every(({effect}) => effect.kind === 'mismatch'))
		return {matched: false, verdict: null, reject: null, why: one.effect.why === undefined ? null : clean(one.effect.why)};
	const doubt = outcomes.find(outcome => outcome.doubt)?.doubt ?? (one?.effect.kind === 'unknown' ? one.effect.doubt : null);
	if (doubt || !one) return {matched: null, ...onlyVerdict(outcomes), why: doubt ? clean(doubt.why) : null};
	const verdict = verdictOf(one.effect);
	if (outcomes.some(({effect}) => verdictOf(effect) !== verdict))
		return {matched: null, verdict: null, reject: null, why: 'depends on a rule before'};
	return {matched: true, verdict, reject: rejectOf(one.effect), why: null};
}

/** What the rule does where it matches, if that is one thing. */
function onlyVerdict(outcomes: readonly Possibility[]): Pick<WalkStep, 'verdict' | 'reject'> {
	const does = outcomes.filter(({effect}) => effect.kind !== 'mismatch');
	const [one] = does;
	const alike = does.every(({effect}) => verdictOf(effect) === (one && verdictOf(one.effect)));
	return one && alike ? {verdict: verdictOf(one.effect), reject: rejectOf(one.effect)} : {verdict: null, reject: null};
}

function rejectOf(effect: Possibility['effect']): string | null {
	return effect.kind === 'verdict' ? (effect.reject ?? null) : null;
}

/** What is met on some ways only is not certain. */
function certain(step: WalkStep, partial: boolean): WalkStep {
	return partial && step.matched ? {...step, matched: null, why: 'met only if a rule before it did not decide'} : step;
}

function policyStep(chain: Chain, frame: Frame): WalkStep {
	const policy = chain.base?.policy ?? 'accept';
	const text = chain.table.backend === 'nft' ? `policy ${policy}` : `-P ${chain.name} ${policy.toUpperCase()}`;
	return {...chainStep(chain, frame), rule: null, handle: null, text, counters: null, matched: true, verdict: `policy ${policy}`};
}

function ruleStep(rule: Rule, frame: Frame): WalkStep {
	const {number, handle, text, counters} = rule;
	return {...chainStep(rule.chain, frame), rule: number, handle, text, counters, label: labelOf(rule)};
}

function chainStep({name, table}: Chain, frame: Frame): WalkStep {
	return {
		hook: frame.hook,
		family: table.family,
		backend: table.backend,
		table: table.name,
		chain: name,
		rule: null,
		handle: null,
		text: '',
		counters: null,
		matched: null,
		why: null,
		verdict: null,
		to: null,
		reject: null,
		rewrite: null,
		label: null,
		dividesBy: [],
	};
}

function verdictOf(effect: Possibility['effect']): string | null {
	if (effect.kind === 'verdict') return effect.verdict;
	if (effect.kind === 'call') return effect.how;
	if (effect.kind === 'return') return 'return';
	if (effect.kind === 'mapped') return 'accept';
	return effect.kind === 'next' ? 'continue' : null;
}

function rewriteOf(before: Frame, after: Frame): WalkStep['rewrite'] {
	const [a, b] = [headers(before), headers(after)];
	return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport ? null : {before: a, after: b};
}

function headers({packet: {iif, oif, src, dst, sport, dport, proto}}: Frame): Packet {
	return {iif, oif, src, dst, sport, dport, proto};
}

/** See WalkStep: the fields by which the rule tells this packet from others of its kind, all its other matches holding. */
function dividesBy(rule: Rule, frame: Frame): string[] {
	const matches = matchesOf(rule);
	const failing = matches.filter(match => match.test(frame) !== true);
	const asked = failing.length > 0 ? failing : matches;
	if (failing.some(match => match.asks.length === 0)) return [];
	return [...new Set(asked.flatMap(match => match.asks))];
}
