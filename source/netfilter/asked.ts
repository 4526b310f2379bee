import type {Instruction, Ruleset} from './model.js';
import type {HookEnv, WalkPacket} from './types.js';

/**
 * Whether two packets are alike for all that comes: they differ at most in a mark, the DSCP or the TTL, and no rule or route of this
 * namespace asks for that. (A mark ends with the namespace; DSCP and TTL go on, but hardly anybody asks for them behind a firewall.)
 */
export function areAlike(ruleset: Ruleset, env: HookEnv, one: WalkPacket, other: WalkPacket): boolean {
	return plain(ruleset, env, one) === plain(ruleset, env, other);
}

function plain(ruleset: Ruleset, env: HookEnv, packet: WalkPacket): string {
	const {touchedSets: _, routedBy, ...headers} = packet;
	if (routedBy) return JSON.stringify({...headers, routedBy});
	const routed = env.routesByMark();
	if (!routed && !asks(ruleset, 'mark')) Object.assign(headers, {mark: 0, ctMark: 0});
	if (!routed && !asks(ruleset, 'dscp')) headers.dscp = 0;
	// What is about to run out is not alike.
	if (headers.ttl !== null && headers.ttl > 8 && !asks(ruleset, 'ttl')) headers.ttl = 64;
	return JSON.stringify(headers);
}

type Field = 'mark' | 'dscp' | 'ttl';

function asks(ruleset: Ruleset, field: Field): boolean {
	const known = answers.get(ruleset) ?? new Map<Field, boolean>();
	answers.set(ruleset, known);
	const answer = known.get(field) ?? lookThrough(ruleset, wordsFor[field]);
	known.set(field, answer);
	return answer;
}

function lookThrough(ruleset: Ruleset, words: RegExp): boolean {
	const isAsking = (one: Instruction) => (one.kind === 'match' || /\bv?map\b|@|understood/.test(one.words)) && words.test(one.words);
	return ruleset.tables.some(({chains}) => [...chains.values()].some(chain => chain.rules.some(rule => rule.instructions.some(isAsking))));
}

const wordsFor: Record<Field, RegExp> = {mark: /mark/, dscp: /dscp|tos/, ttl: /ttl|hoplimit|hl-/};
const answers = new WeakMap<Ruleset, Map<Field, boolean>>();
