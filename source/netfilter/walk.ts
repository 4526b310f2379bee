import type {Gap, Hook} from '../model/index.js';
import {areAlike} from './asked.js';
import {type Choice, merged, type Stop, type World} from './chain-walk.js';
import {Frame} from './frame.js';
import type {Layer, Ruleset} from './model.js';
import {type Arrival, beforeConntrack, passStage} from './stage-walk.js';
import {type Stage, stagesOf} from './stages.js';
import {Trace} from './trace.js';
import type {HookEnv, HookResult, Tracker, WalkPacket, WalkStep} from './types.js';

/**
 * Walks a packet through every base chain of one hook in the kernel's order. An accept ends its own base chain alone; a drop is
 * final. What cannot be told is followed both ways, and makes the verdict undetermined only where the ways end differently. track: the
 * packet is looked up by it once more where a rule has put it into another zone.
 */
export function runHook(ruleset: Ruleset, hook: Hook, packet: WalkPacket, env: HookEnv, track: Tracker = same): HookResult {
	return run(ruleset, hook, packet.family, {packet, track}, env);
}

/**
 * The same for the hooks of a bridge (family bridge): iif and oif are its ports. br_netfilter stands at priority 0 of them, where it
 * shows the frame to the IP hooks (NF_BR_PRI_BRNF): `part` tells the chains before it from those behind it.
 */
export function runBridgeHook(ruleset: Ruleset, hook: Hook, packet: WalkPacket, env: HookEnv, part: BridgePart = 'all'): HookResult {
	return run(ruleset, hook, 'bridge', {packet, track: same}, env, bridgeParts[part]);
}

export type BridgePart = 'all' | 'before' | 'behind';

// Of equal priorities the one registered last comes first: br_netfilter was there when the bridge was made.
const bridgeParts: Record<BridgePart, (priority: number) => boolean> = {
	all: () => true,
	before: priority => priority <= 0,
	behind: priority => priority > 0,
};

/** Whether a hook has nothing to say about any packet: no chain, and none that was not read. */
export function isEmptyHook(ruleset: Ruleset, hook: Hook, layer: Layer): boolean {
	return stagesOf(ruleset, hook, layer).length === 0 && !ruleset.unread.some(one => one.families.includes(layer));
}

function run(
	ruleset: Ruleset,
	hook: Hook,
	layer: Layer,
	arrival: Arrival,
	env: HookEnv,
	within: (priority: number) => boolean = () => true,
): HookResult {
	const stages = stagesOf(ruleset, hook, layer).filter(stage => stage.kind !== 'chain' || within(stage.chain.base?.priority ?? 0));
	const {packet} = arrival;
	const trace = new Trace();
	const onBridge = layer === 'bridge';
	const begin = {frame: new Frame(onBridge ? packet : beforeConntrack(packet, hook), hook, env, onBridge), choices: null};
	const {passing, stops} = pass(stages, [begin], arrival, trace);
	const [first] = passing;
	const alike = first && passing.slice(1).every(({frame}) => areAlike(ruleset, env, first.frame.packet, frame.packet));
	const outcome = conclude(alike ? [first] : passing, stops);
	// A drop that was read stands whatever else there may be: no other chain takes it back.
	const unread =
		outcome.verdict === 'drop' || outcome.verdict === 'reject' ? undefined : ruleset.unread.find(one => one.families.includes(layer));
	const [stop] = stops;
	const ahead = passing[0]?.frame.packet ?? (stop ? beyond(stages, stop, arrival) : packet);
	return new Result(trace, {
		...outcome,
		...(unread ? {verdict: 'undetermined', unknown: unread.gap, decidedBy: null} : {}),
		packet: passing[0]?.frame.packet ?? stop?.world.frame.packet ?? packet,
		beyond: unread || outcome.verdict !== 'accept' ? ahead : null,
	});
}

const same: Tracker = packet => packet;

/** Steps are made when they are read first. */
class Result implements HookResult {
	verdict;
	packet;
	unknown;
	decidedBy;
	beyond;
	#trace: Trace;
	#steps: WalkStep[] | null = null;
	#met: WalkStep[] | null = null;

	constructor(trace: Trace, result: Omit<HookResult, 'steps' | 'met' | 'dividing' | 'decided'>) {
		this.#trace = trace;
		this.verdict = result.verdict;
		this.packet = result.packet;
		this.unknown = result.unknown;
		this.decidedBy = result.decidedBy;
		this.beyond = result.beyond;
	}

	get steps(): WalkStep[] {
		this.#steps ??= this.#trace.steps();
		return this.#steps;
	}

	get met(): WalkStep[] {
		this.#met ??= this.#trace.met();
		return this.#met;
	}

	get dividing(): WalkStep[] {
		return this.#trace.dividing();
	}

	get decided(): WalkStep | null {
		return this.decidedBy === null ? null : this.#trace.step(this.decidedBy);
	}
}

/** A stop with the stage at which it happened. */
type Stopped = Stop & {stage: Stage};

function pass(stages: Stage[], begin: World[], arrival: Arrival, trace: Trace): {passing: World[]; stops: Stopped[]} {
	const stops: Stopped[] = [];
	let worlds = begin;
	for (const stage of stages) {
		if (worlds.length === 0) break;
		const leaving = passStage(stage, worlds, arrival, trace, stops.length > 0);
		stops.push(...leaving.stops.map(stop => ({...stop, stage})));
		worlds = merged([...leaving.accepted, ...leaving.mapped]);
	}
	return {passing: worlds, stops};
}

type Outcome = Pick<HookResult, 'verdict' | 'unknown' | 'decidedBy'>;

function conclude(passing: World[], stops: Stopped[]): Outcome {
	const [stop] = stops;
	if (!stop) {
		const [one, other] = passing;
		return one && other ? {verdict: 'undetermined', ...parting(one, other)} : {verdict: 'accept', unknown: null, decidedBy: null};
	}
	const open = stops.find(({verdict}) => verdict === 'undetermined');
	const [pass] = passing;
	if (pass) return {verdict: 'undetermined', ...parting(pass, stop.world)};
	if (open) return {verdict: 'undetermined', unknown: open.gap, decidedBy: open.step};
	// Stopped on every way: whichever it is, the packet does not pass.
	const differing = stops.find(({verdict}) => isOpen(verdict) !== isOpen(stop.verdict));
	if (differing) return {verdict: 'undetermined', ...parting(stop.world, differing.world)};
	return {verdict: stop.verdict, unknown: null, decidedBy: stop.verdict === 'unroutable' ? null : stop.step};
}

/** What a program behind a queue does with the packet is open. */
function isOpen(verdict: string): boolean {
	return verdict === 'queue' || verdict === 'stolen';
}

/** The first rule at which two ways parted. */
function parting(one: World, other: World): {unknown: Gap; decidedBy: number | null} {
	const mine = new Map(listed(one.choices).map(choice => [choice.step, choice]));
	const differing = listed(other.choices).find(({step, branch}) => mine.get(step)?.branch !== branch) ?? [...mine.values()].at(0);
	if (differing) return {unknown: differing.gap, decidedBy: differing.step};
	return {
		unknown: {id: 'rule-not-understood', why: 'the rules may come to different ends', tell: 'a trace of a real request'},
		decidedBy: null,
	};
}

/** From the first to the last. */
function listed(last: Choice | null): Choice[] {
	const list: Choice[] = [];
	for (let choice = last; choice; choice = choice.before) list.unshift(choice);
	return list;
}

/** The packet after the rest of the hook, as if what stopped it had let it pass. */
function beyond(stages: Stage[], stop: Stopped, arrival: Arrival): WalkPacket {
	const rest = stages.slice(stages.indexOf(stop.stage) + 1);
	const {passing, stops} = pass(rest, [stop.world], arrival, new Trace());
	const [next] = stops;
	return passing[0]?.frame.packet ?? (next ? beyond(rest, next, arrival) : stop.world.frame.packet);
}
