import {isWithin} from '../address/ip.js';
import type {CauseId, Gap, Hook, Step} from '../model/index.js';
import {hookEnv} from '../netfilter/hook-env.js';
import {parseRulesets} from '../netfilter/ruleset.js';
import {touching} from '../netfilter/touched.js';
import type {HookResult, WalkPacket, WalkStep} from '../netfilter/types.js';
import {type BridgePart, isEmptyHook, runBridgeHook, runEmptyHook, runHook} from '../netfilter/walk.js';
import {remember, track} from './conntrack.js';
import {publishedRewrite} from './inferred.js';
import {commandOf, evidenceOf, ruleName, sentence, stopSentence} from './rule-words.js';
import {inferred, missing, push} from './trail.js';
import type {Walk} from './walker.js';
import type {Site} from './world.js';

/**
 * Walks a packet through one hook of a namespace and adds a netfilter hop where a rule had a say. Gives the packet as it goes on
 * (past a drop: as if it had passed, so that what else would stop it is told too).
 */
export function passHook(walk: Walk, site: Site, hook: Hook, arriving: WalkPacket): WalkPacket {
	const {ruleset} = parseRulesets(site.facts.rulesets);
	const packet = withTouched(walk, site, arriving);
	const result =
		runEmptyHook(ruleset, hook, packet) ?? runHook(ruleset, hook, packet, hookEnv(site.facts), one => track(walk.table, site, one));
	const after = judge(walk, site, {hook, name: hook.toUpperCase(), ofLink: false}, packet, result);
	remember(walk.table, site.key, packet, after);
	return after;
}

/** The hook of a device itself (table family netdev), which a packet meets before all others on its way in, and behind them on its way out. */
export function passDevice(walk: Walk, site: Site, hook: 'ingress' | 'egress', device: string, packet: WalkPacket): WalkPacket {
	const {ruleset} = parseRulesets(site.facts.rulesets);
	if (isEmptyHook(ruleset, hook, packet.family)) return packet;
	const here = withTouched(walk, site, {...packet, iif: hook === 'ingress' ? device : null, oif: hook === 'egress' ? device : null});
	const result = runHook(ruleset, hook, here, hookEnv(site.facts));
	const after = judge(walk, site, {hook, name: `${hook} ${device}`, ofLink: true}, here, result);
	return {...after, iif: packet.iif, oif: packet.oif};
}

/** A hook of a bridge (table family bridge) for a frame between these ports; null: none, it comes from or is for the host. */
export function passBridge(
	walk: Walk,
	hook: Hook,
	ports: {iif: string | null; oif: string | null},
	packet: WalkPacket,
	part: BridgePart = 'all',
): WalkPacket {
	const {host} = walk.world;
	const {ruleset} = parseRulesets(host.facts.rulesets);
	if (isEmptyHook(ruleset, hook, 'bridge')) return packet;
	const here = withTouched(walk, host, {...packet, ...ports});
	const result = runBridgeHook(ruleset, hook, here, hookEnv(host.facts), part);
	const after = judge(walk, host, {hook, name: `bridge ${hook.toUpperCase()}`, ofLink: true}, here, result);
	return {...after, iif: packet.iif, oif: packet.oif};
}

interface Place {
	hook: Hook;
	/** What the hop is called. */
	name: string;
	/** A hook of the link layer, where hardly anybody has rules. */
	ofLink: boolean;
}

/** The packet with what rules of this namespace have done to sets before it came. */
function withTouched(walk: Walk, {key}: Site, packet: WalkPacket): WalkPacket {
	return (walk.touched.get(key) ?? []).reduce(touching, packet);
}

function judge(walk: Walk, site: Site, {hook, name, ofLink}: Place, packet: WalkPacket, result: HookResult): WalkPacket {
	let after = result.beyond ?? result.packet;
	if (after.touchedSets) walk.touched.set(site.key, after.touchedSets);
	const gap = gapOf(result);
	// Where rules are not readable, the engine's own list of published ports says what they should do: inferred, never green.
	const guess = gap && !ofLink && !isAboutRule(gap) ? publishedRewrite(walk, site, hook, packet) : null;
	if (guess) after = guess.packet;
	const rewritten = after.dst !== packet.dst || after.dport !== packet.dport || after.src !== packet.src || after.sport !== packet.sport;
	if (result.isSilent && !rewritten && result.verdict === 'accept') return after;
	walk.trail.dividing.push(() => divisions(walk, result));
	walk.trail.dividesFlags.push(() => result.dividing.some(step => step.dividesBy.includes('flags')));
	const stops = causeOf(result);
	if (!stops && !rewritten && gap && alreadySaid(walk, site, ofLink ? null : hook, gap)) return after;
	if (stops || gap || rewritten || result.hasSay(hook === 'forward')) {
		const decided = decidingStep(result, rewritten);
		const hop = push(walk.trail, site, {
			kind: 'netfilter',
			name,
			address: packet.dst,
			port: packet.dport,
			packet,
			packetAfter: rewritten ? after : null,
			cause: stops,
			gap,
			evidence: [
				...result.met.map(step => evidenceOf(step)),
				...(gap ? [missing(gap)] : []),
				...(guess ? [inferred(guess.says, "the engine's published ports", 'docker ps')] : []),
			],
			steps: () => result.steps,
			says: gap ? gap.why : stops ? stopSentence(result.deciding) : decided ? sentence(decided) : '',
			command: decided ? commandOf(decided) : '',
		});
		if (gap && !mayRewrite(gap, result)) walk.trail.onlyStops.add(hop);
	} else walk.trail.passedBy.push(() => result.steps);
	return after;
}

/** Rules that could not be read are said once on each visit of a namespace, and again where they are expected to filter. */
function alreadySaid(walk: Walk, site: Site, hook: Hook | null, gap: Gap): boolean {
	if (isAboutRule(gap) || (site.key === 'host' && (hook === 'forward' || hook === 'input'))) return false;
	const visit = walk.trail.hops.slice(walk.trail.hops.findLastIndex(hop => hop.of !== site.of) + 1);
	return visit.some(hop => hop.kind === 'netfilter' && hop.unknown?.id === gap.id);
}

/** The rules were read; one of them was not understood, or has no fixed answer, or their order would have to be known. */
function isAboutRule(gap: Gap): boolean {
	return gap.id === 'rule-not-understood' || gap.id === 'no-fixed-answer' || gap.id === 'chain-order';
}

function matched(result: HookResult): WalkStep[] {
	return result.met.filter(step => step.matched === true);
}

function causeOf(result: HookResult): CauseId | null {
	if (result.verdict === 'reject') return 'rejected';
	if (result.verdict === 'refused') return 'dropped-or-rejected';
	if (result.verdict !== 'drop') return null;
	return result.deciding.every(({rule}) => rule === null) ? 'policy-drop' : 'dropped';
}

function gapOf(result: HookResult): Gap | null {
	if (result.unknown) return result.unknown;
	if (result.verdict !== 'queue' && result.verdict !== 'stolen') return null;
	const step = result.decided;
	const why = `${step ? ruleName(step) : 'a rule'} hands the packet to a program, which decides`;
	return {id: 'no-fixed-answer', why, tell: step ? commandOf(step) : 'nft list ruleset'};
}

/** Rules that could not be read may rewrite the packet; one that was not understood only where it stands in a nat chain or a rewrite differs. */
function mayRewrite(gap: Gap, result: HookResult): boolean {
	if (!isAboutRule(gap)) return true;
	return result.met.some(step => step.matched === null && (step.table === 'nat' || step.rewrite !== null || step.backend === 'nft'));
}

function decidingStep(result: HookResult, rewritten: boolean): Step | undefined {
	if (result.decided) return result.decided;
	const met = matched(result);
	if (rewritten) return met.find(step => step.rewrite !== null) ?? met.at(-1);
	return met.findLast(step => step.verdict === 'accept') ?? met.at(-1);
}

/** From lan the client's address is a choice of ours: a rule that divides clients by it makes the verdict an assumption. */
function divisions(walk: Walk, result: HookResult): {text: string; command: string}[] {
	return result.dividing
		.filter(step => step.dividesBy.some(field => clientFields.has(field)) && !isAboutContainers(walk, step.text))
		.map(step => ({text: `${ruleName(step)}: ${step.text}`, command: commandOf(step)}));
}

/** A rule for the addresses of this engine's own networks divides no clients of the LAN: none of them has such an address. */
function isAboutContainers(walk: Walk, text: string): boolean {
	const sources = [...text.matchAll(/(?:-s|saddr) (\S+)/g)].map(match => (match[1] ?? '').replace(/\/.*$/, ''));
	const own = walk.world.networks.flatMap(network => network.subnets.map(one => one.subnet));
	return sources.length > 0 && sources.every(source => own.some(subnet => isWithin(source, subnet)));
}

const clientFields = new Set(['saddr', 'sport', 'ttl', 'smac', 'length']);
