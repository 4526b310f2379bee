import {clean} from '../../text/clean.js';
import type {Chain, Instruction, Rule} from '../model.js';
import type {RawRule} from '../nft-json.js';
import type {NftContext} from './context.js';
import {asNumber, asObject, type Json} from './json.js';
import {statement} from './statements.js';

/** A rule of native nft, understood. Its text is put together from its statements, since JSON does not carry it. */
export function nativeRule(chain: Chain, number: number, raw: RawRule, context: NftContext): Rule {
	const instructions = raw.expressions.map(json => cleaned(statement(json, context)));
	const words = instructions.map(instruction => instruction.words).filter(text => text !== '');
	const text = [...words, ...(raw.comment === null ? [] : [`comment "${raw.comment}"`])].join(' ');
	return {
		chain,
		number,
		handle: raw.handle,
		text: clean(text, 2048),
		counters: countersOf(raw.expressions),
		comment: raw.comment,
		instructions,
	};
}

/** Counters of the rule's own counter statement; null where it has none, or a named one. */
function countersOf(expressions: Json[]): Rule['counters'] {
	for (const json of expressions) {
		const counter = asObject(asObject(json)?.counter);
		const packets = asNumber(counter?.packets);
		const bytes = asNumber(counter?.bytes);
		if (packets !== null && bytes !== null) return {packets, bytes};
	}
	return null;
}

/** Names of sets and interfaces come from outside. */
function cleaned(instruction: Instruction): Instruction {
	return {...instruction, words: clean(instruction.words, 1024)};
}
