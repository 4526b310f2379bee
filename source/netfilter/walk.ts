import type {Gap, Hook} from '../model/index.js';
import {areAlike} from './asked.js';
import {type Choice, merged, type Stop, type World} from './chain-walk.js';
import {Frame} from './frame.js';
import type {Layer, Ruleset} from './model.js';
import {type Arrival, beforeConntrack, passStage, type Stopped, translated} from './stage-walk.js';
import {type Plan, planOf, type Single, type Stage} from './stages.js';
import {type Event, Trace} from './trace.js';
import type {HookEnv, HookResult, HookVerdict, Tracker, WalkPacket, WalkStep} from './types.js';

/**
 * Walks a packet through every base chain of one hook in the kernel's order. An accept ends its own base chain alone; a drop is
 * final. What cannot be told is followed both ways, and makes the verdict undetermined only where the ways end differently. track: the
 * packet is looked up by it once more where a rule has put it into another zone.
 */
export function runHook(ruleset: Ruleset, hook: Hook, packet: WalkPacket, env: HookEnv, track: Tracker = same): HookResult {
	return run(ruleset, planOf(ruleset, hook, packet.family), packet.family, {packet, hook, track}, env);
}

/**
 * The same for the hooks of a bridge (family bridge): iif and oif are its ports. br_netfilter stands at priority 0 of them, where it
 * shows the frame to the IP hooks (NF_BR_PRI_BRNF): `part` tells the chains before it from those behind it. One at the same priority may be
 * before it, or behind it, or not met at all (see atBridgeNetfilter).
 */
export function runBridgeHook(ruleset: Ruleset, hook: Hook, packet: WalkPacket, env: HookEnv, part: BridgePart = 'all'): HookResult {
	const plan = planOf(ruleset, hook, 'bridge');
	const stages = part === 'all' ? plan.stages : plan.stages.flatMap(stage => inPart(stage, part));
	return run(ruleset, {...plan, stages}, 'bridge', {packet, hook, track: same}, env);
}

export type BridgePart = 'all' | 'before' | 'behind';

function inPart(stage: Stage, part: 'before' | 'behind'): Stage[] {
	if (stage.kind === 'tied') {
		const lines = stage.lines.map(line => line.flatMap(one => singleInPart(one, part))).filter(line => line.length > 0);
		return lines.length > 1 ? [{...stage, lines}] : lines.flat();
	}
	return singleInPart(stage, part);
}

function singleInPart(stage: Single, part: 'before' | 'behind'): Single[] {
	const priority = stage.kind === 'chain' ? (stage.chain.base?.priority ?? 0) : 0;
	if (stage.kind === 'chain' && priority === 0) return [{...stage, perhaps: atBridgeNetfilter}];
	return priority < 0 === (part === 'before') ? [stage] : [];
}

/**
 * br_netfilter is registered with the namespace's first bridge: a chain that was there before comes behind it, and there FORWARD does not
 * call it any more (br_nf_hook_thresh; before Linux 6.8 never).
 */
const atBridgeNetfilter: Gap = {
	id: 'chain-order',
	why: 'the chain has the priority of br_netfilter (0): whether frames meet it before the IP rules, behind them or not at all depends on what was made first',
	tell: 'a trace of a real request',
};

/** Whether a hook has nothing to say about any packet: no chain, and none that was not read. */
export function isEmptyHook(ruleset: Ruleset, hook: Hook, layer: Layer): boolean {
	const {stages, unread} = planOf(ruleset, hook, layer);
	return stages.length === 0 && unread === null;
}

/** What runHook gives where a hook has no rules, as in most namespaces: conntrack and address translation alone. null: it has, or may have. */
export function runEmptyHook(ruleset: Ruleset, hook: Hook, packet: WalkPacket): HookResult | null {
	const {stages, unread, hasChains} = planOf(ruleset, hook, packet.family);
	if (hasChains || unread || packet.ctTemplate) return null;
	const after = stages.reduce((before, stage) => (stage.kind === 'nat' ? translated(before, stage.manip) : before), packet);
	// What was rewritten there is routed anew.
	if (hook === 'output' && (after.dst !== packet.dst || after.src !== packet.src)) return null;
	return new Result(new Trace(), accepted, after, null);
}

function run(ruleset: Ruleset, {stages, unread}: Plan, layer: Layer, arrival: Arrival, env: HookEnv): HookResult {
	const {packet, hook} = arrival;
	const trace = new Trace();
	const onBridge = layer === 'bridge';
	const begin = {frame: new Frame(onBridge ? packet : beforeConntrack(packet, hook), hook, env, onBridge), choices: null};
	const {passing, stops} = pass(stages, [begin], arrival, trace);
	const [first] = passing;
	const alike = first && passing.slice(1).every(({frame}) => areAlike(ruleset, env, first.frame.packet, frame.packet));
	const outcome = conclude(alike ? [first] : passing, stops);
	const [stop] = stops;
	// Where the ways that stop have rewritten it differently, none of their addresses is its own.
	const stopped = stop && stops.every(one => sameHeaders(one.world.frame.packet, stop.world.frame.packet)) ? stop : undefined;
	const after = first?.frame.packet ?? stopped?.world.frame.packet ?? packet;
	const ahead = first?.frame.packet ?? (stopped ? beyond(stages, stopped, arrival) : packet);
	// A drop that was read stands whatever else there may be: no other chain takes it back.
	if (unread && !isStopped(outcome.verdict))
		return new Result(trace, {verdict: 'undetermined', unknown: unread, deciding: []}, after, ahead);
	return new Result(trace, outcome, after, outcome.verdict === 'accept' ? null : ahead);
}

function sameHeaders(one: WalkPacket, other: WalkPacket): boolean {
	return one.src === other.src && one.dst === other.dst && one.sport === other.sport && one.dport === other.dport;
}

const same: Tracker = packet => packet;

/** Steps are made when they are read first. */
class Result implements HookResult {
	readonly verdict: HookVerdict;
	readonly unknown: Gap | null;
	readonly packet: WalkPacket;
	readonly beyond: WalkPacket | null;
	readonly #trace: Trace;
	readonly #deciding: readonly Event[];
	#steps: WalkStep[] | null = null;
	#met: WalkStep[] | null = null;

	constructor(trace: Trace, {verdict, unknown, deciding}: Outcome, packet: WalkPacket, beyond: WalkPacket | null) {
		this.#trace = trace;
		this.#deciding = deciding;
		this.verdict = verdict;
		this.unknown = unknown;
		this.packet = packet;
		this.beyond = beyond;
	}

	get isSilent(): boolean {
		return this.#trace.size === 0;
	}

	get steps(): WalkStep[] {
		this.#steps ??= this.#trace.steps();
		return this.#steps;
	}

	get met(): WalkStep[] {
		this.#met ??= this.#trace.met();
		return this.#met;
	}

	hasSay(any: boolean): boolean {
		return this.#trace.hasSay(any);
	}

	get dividing(): WalkStep[] {
		return this.#trace.dividing();
	}

	get decided(): WalkStep | null {
		return this.deciding[0] ?? null;
	}

	get deciding(): WalkStep[] {
		const steps = this.#deciding.map(event => event());
		return [...new Map(steps.map(step => [JSON.stringify(step), step])).values()];
	}
}

function pass(stages: readonly Stage[], begin: World[], arrival: Arrival, trace: Trace): {passing: World[]; stops: Stopped[]} {
	const stops: Stopped[] = [];
	let worlds = begin;
	for (const stage of stages) {
		if (worlds.length === 0) break;
		const leaving = passStage(stage, worlds, arrival, trace, stops.length > 0);
		stops.push(...leaving.stops);
		worlds = merged(leaving.accepted, leaving.mapped);
	}
	return {passing: worlds, stops};
}

type Outcome = Pick<HookResult, 'verdict' | 'unknown'> & {deciding: readonly Event[]};

const accepted: Outcome = {verdict: 'accept', unknown: null, deciding: []};

function conclude(passing: World[], stops: Stop[]): Outcome {
	const [stop] = stops;
	if (!stop) {
		const [one, other] = passing;
		return one && other ? {verdict: 'undetermined', ...parting(one, other)} : accepted;
	}
	const open = stops.find(({verdict}) => verdict === 'undetermined');
	const [pass] = passing;
	if (pass) return {verdict: 'undetermined', ...parting(pass, stop.world)};
	if (open) return {verdict: 'undetermined', unknown: open.gap, deciding: open.step ? [open.step] : []};
	// Stopped on every way: whichever it is, the packet does not pass.
	const differing = stops.find(({verdict}) => isOpen(verdict) !== isOpen(stop.verdict));
	if (differing) return {verdict: 'undetermined', ...parting(stop.world, differing.world)};
	const refused = stops.filter(({verdict}) => verdict !== 'unroutable');
	const deciding = refused.flatMap(({step}) => (step ? [step] : []));
	return {verdict: isOpen(stop.verdict) ? stop.verdict : sameVerdict(refused), unknown: null, deciding};
}

/** What a program behind a queue does with the packet is open. */
function isOpen(verdict: string): boolean {
	return verdict === 'queue' || verdict === 'stolen';
}

/** What its sender sees is open where not all ways end in the same one. */
function sameVerdict(stops: Stop[]): HookVerdict {
	const [verdict = 'unroutable', another] = new Set(stops.map(stop => stop.verdict));
	return another === undefined ? verdict : 'refused';
}

/** Whether a rule keeps the packet from going on, whatever its sender sees of that. */
export function isStopped(verdict: HookVerdict): verdict is 'drop' | 'reject' | 'refused' {
	return verdict === 'drop' || verdict === 'reject' || verdict === 'refused';
}

/** The first rule at which two ways parted. */
function parting(one: World, other: World): Pick<Outcome, 'unknown' | 'deciding'> {
	const mine = new Map(listed(one.choices).map(choice => [choice.at, choice]));
	const differing = listed(other.choices).find(({at, branch}) => mine.get(at)?.branch !== branch) ?? [...mine.values()].at(0);
	if (differing) return {unknown: differing.gap, deciding: typeof differing.at === 'function' ? [differing.at] : []};
	return {
		unknown: {id: 'rule-not-understood', why: 'the rules may come to different ends', tell: 'a trace of a real request'},
		deciding: [],
	};
}

/** From the first to the last. */
function listed(last: Choice | null): Choice[] {
	const list: Choice[] = [];
	for (let choice = last; choice; choice = choice.before) list.unshift(choice);
	return list;
}

/** The packet after the rest of the hook, as if what stopped it had let it pass. */
function beyond(stages: readonly Stage[], stop: Stopped, arrival: Arrival): WalkPacket {
	const inTurn = stages.flatMap((stage): Stage[] => (stage.kind === 'tied' ? stage.lines.flat() : [stage]));
	const rest = inTurn.slice(inTurn.indexOf(stop.stage) + 1);
	const {passing, stops} = pass(rest, [stop.world], arrival, new Trace());
	const [next] = stops;
	return passing[0]?.frame.packet ?? (next ? beyond(rest, next, arrival) : stop.world.frame.packet);
}
