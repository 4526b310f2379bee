import {hookEnv} from '../netfilter/hook-env.js';
import {routeInput} from '../netfilter/route-decision.js';
import {parseRulesets} from '../netfilter/ruleset.js';
import type {WalkPacket} from '../netfilter/types.js';
import {runHook} from '../netfilter/walk.js';
import {commandOf, ruleName} from './rule-words.js';
import {observed} from './trail.js';
import type {Walk} from './walker.js';
import type {Site} from './world.js';

/**
 * Says on the hop that rewrote the destination that a firewall's INPUT rules are not met any more, where they would have refused the
 * packet as it came: a published port is open although the firewall denies it.
 */
export function noteBypassedInput(walk: Walk, site: Site, came: WalkPacket, rewritten: WalkPacket): void {
	const hop = walk.trail.hops.findLast(({kind, packetAfter}) => kind === 'netfilter' && packetAfter !== null);
	if (!hop || came.dst === rewritten.dst || routeInput(site.facts, came).kind !== 'local') return;
	const {ruleset} = parseRulesets(site.facts.rulesets);
	const asItCame = {...came, oif: null, ctState: rewritten.ctState, ctOriginal: rewritten.ctOriginal};
	const {verdict, decided} = runHook(ruleset, 'input', asItCame, hookEnv(site.facts));
	if (!decided || (verdict !== 'drop' && verdict !== 'reject')) return;
	const refuses = `${verdict === 'drop' ? 'drops' : 'rejects'} ${came.dport}/${came.proto}`;
	const says = `${ruleName(decided)}${decided.label ? ` (${decided.label})` : ''} ${refuses} in INPUT, which is not met: PREROUTING comes before it and sends the packet to FORWARD`;
	hop.says = `${hop.says}; ${says}`;
	hop.evidence.push(observed(`${says}: ${decided.text}`, 'the rules of INPUT', commandOf(decided)));
}
