import type {Frame} from './frame.js';
import type {Doubt, Exactly, Match, Truth} from './model.js';

interface Condition {
	words: string;
	/** The rule asks for the opposite ("!"). */
	negated?: boolean;
	test(frame: Frame): Truth;
	/** What the packet has instead. */
	has(frame: Frame): string;
	asks?: readonly string[];
	exactly?: Exactly;
	/** Why null, where it can be null. */
	doubt?: (frame: Frame) => Doubt;
}

/** A match out of its plain condition: adds negation (the opposite of "cannot be told" is "cannot be told") and a reason for null. */
export function condition({words, negated = false, test, has, asks = [], doubt, exactly}: Condition): Match {
	return {
		kind: 'match',
		words: negated ? `! ${words}` : words,
		test: negated ? frame => opposite(test(frame)) : test,
		has,
		asks,
		...(exactly && !negated ? {exactly} : {}),
		doubt: doubt ?? (() => notKnown(words)),
	};
}

/** A match whose answer differs from packet to packet or from moment to moment. */
export function noFixedAnswer(words: string, why: string): Match {
	return {
		kind: 'match',
		words,
		test: () => null,
		has: () => why,
		asks: [],
		doubt: () => ({id: 'no-fixed-answer', why: `${words}: ${why}`, tell: 'a trace of a real request'}),
	};
}

/** A match that this program does not know. */
export function notUnderstood(words: string, why = 'not understood'): Match {
	return {
		kind: 'match',
		words,
		test: () => null,
		has: () => why,
		asks: [],
		doubt: () => ({id: 'rule-not-understood', why: `${words}: ${why}`, tell: 'a trace of a real request'}),
	};
}

/** Doubt about a fact that was not read. */
export function notKnown(words: string): Doubt {
	return {id: 'rule-not-understood', why: `${words}: what it asks about is not known`, tell: 'a trace of a real request'};
}

function opposite(truth: Truth): Truth {
	return truth === null ? null : !truth;
}
