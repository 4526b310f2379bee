import {hookEnv} from '../netfilter/hook-env.js';
import type {Chain, Table} from '../netfilter/model.js';
import {routeInput} from '../netfilter/route-decision.js';
import {parseRulesets} from '../netfilter/ruleset.js';
import type {WalkPacket, WalkStep} from '../netfilter/types.js';
import {isStopped, runHook} from '../netfilter/walk.js';
import {commandOf, ruleName} from './rule-words.js';
import {observed} from './trail.js';
import type {Walk} from './walker.js';
import type {Site} from './world.js';

/**
 * Says on the hop that rewrote the destination that a firewall's INPUT rules are not met any more, where they would have refused the
 * packet as it came: a published port is open although the firewall denies it.
 */
export function noteBypassedInput(walk: Walk, site: Site, came: WalkPacket, rewritten: WalkPacket): void {
	if (came.dst === rewritten.dst || routeInput(site.facts, came).kind !== 'local') return;
	const {ruleset} = parseRulesets(site.facts.rulesets);
	const asItCame = {...came, oif: null, ctState: rewritten.ctState, ctOriginal: rewritten.ctOriginal};
	const {verdict, decided} = runHook(ruleset, 'input', asItCame, hookEnv(site.facts));
	if (!decided || !isStopped(verdict)) return;
	const why = 'in INPUT, which is not met: PREROUTING comes before it and sends the packet to FORWARD';
	note(walk, hop => hop.packetAfter !== null, `${refuses(decided, verdict, came)} ${why}`, decided, 'INPUT');
}

/**
 * Says on the hop of FORWARD that a rule accepts the packet before the same chain comes to another that would refuse it, as Docker's rules
 * do before those of a firewall that were there first.
 */
export function noteBypassedForward(walk: Walk, site: Site, packet: WalkPacket): void {
	const {ruleset} = parseRulesets(site.facts.rulesets);
	const result = runHook(ruleset, 'forward', packet, hookEnv(site.facts));
	if (result.verdict !== 'accept') return;
	for (const [index, accepted] of result.met.entries()) {
		if (accepted.verdict !== 'accept' || accepted.matched !== true || accepted.rule === null) continue;
		const table = ruleset.tables.find(one => isOf(one, accepted));
		const base = table && baseOf(table, result.met.slice(0, index + 1));
		if (!table || !base || base.from >= base.chain.rules.length) continue;
		const rest = runHook({tables: [only(table, base.chain, base.from)], unread: []}, 'forward', packet, hookEnv(site.facts));
		const {verdict, decided} = rest;
		// A policy refuses what nobody has spoken for: that somebody has is no bypass.
		if (!decided || decided.rule === null || !isStopped(verdict)) continue;
		const says = `${refuses(decided, verdict, packet)} behind it, and is not met: ${ruleName(accepted)} accepts the packet before`;
		note(walk, hop => hop.name === 'FORWARD', says, decided, 'FORWARD');
		return;
	}
}

function isOf({family, name, backend}: Table, step: WalkStep): boolean {
	return family === step.family && name === step.table && backend === step.backend;
}

/** The base chain through which the last of these steps was come to, and how many of its rules were gone through. */
function baseOf(table: Table, met: WalkStep[]): {chain: Chain; from: number} | null {
	const step = met.findLast(one => isOf(table, one) && one.rule !== null && table.chains.get(one.chain)?.base?.hook === 'forward');
	const chain = step && table.chains.get(step.chain);
	return chain && step.rule !== null ? {chain, from: step.rule} : null;
}

/** The table with the rest of this one base chain alone. */
function only(table: Table, chain: Chain, from: number): Table {
	const chains = new Map<string, Chain>([...table.chains].map(([name, one]) => [name, {...one, base: null}]));
	// What falls off its end was not refused by a rule of it.
	const base = chain.base && {...chain.base, policy: 'accept' as const};
	return {...table, chains: chains.set(chain.name, {...chain, base, rules: chain.rules.slice(from)})};
}

function refuses(step: WalkStep, verdict: keyof typeof verbs, {dport, proto}: WalkPacket): string {
	return `${ruleName(step)}${step.label ? ` (${step.label})` : ''} ${verbs[verdict]} ${dport}/${proto}`;
}

const verbs = {drop: 'drops', reject: 'rejects', refused: 'drops or rejects'};

function note(walk: Walk, isMeant: (hop: Walk['trail']['hops'][number]) => boolean, says: string, decided: WalkStep, hook: string): void {
	const hop = walk.trail.hops.findLast(one => one.kind === 'netfilter' && isMeant(one));
	if (!hop) return;
	hop.says = hop.says ? `${hop.says}; ${says}` : says;
	hop.evidence.push(observed(`${says}: ${decided.text}`, `the rules of ${hook}`, commandOf(decided)));
}
