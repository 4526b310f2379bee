import type {Frame} from '../frame.js';
import type {Doubt, Exactly} from '../model.js';
import {type DataType, type Scalar, unknown, type Value} from './datatypes.js';

/** The packet has no such thing: the kernel leaves the rule there, whatever the comparison (NFT_BREAK). */
export const none = Symbol('none');
/** The value cannot be told. */
export {unknown};
export type Read = Value | typeof none | typeof unknown;

/** One side of a comparison, or what a statement takes its value from. */
export interface Expression {
	words: string;
	/** One per part of a concatenation. */
	types: DataType[];
	read(frame: Frame): Read;
	/** As people say it: "arrives on eth0". */
	says(value: Value, frame: Frame): string;
	/** See Match.asks. */
	asks: readonly string[];
	doubt: Doubt;
	/** See Match.exactly. */
	field?: Exactly['field'];
}

/** An expression that this program does not know. */
export function opaque(words: string): Expression {
	const doubt: Doubt = {id: 'rule-not-understood', why: `${words}: not understood`, tell: 'a trace of a real request'};
	return {words, types: [], read: () => unknown, says: () => 'unknown', asks: [], doubt};
}

/** An expression whose value differs from packet to packet. */
export function changing(words: string, why: string): Expression {
	const doubt: Doubt = {id: 'no-fixed-answer', why: `${words}: ${why}`, tell: 'a trace of a real request'};
	return {words, types: [], read: () => unknown, says: () => why, asks: [], doubt};
}

/** A value of the packet under its own name. */
export function field(
	words: string,
	type: DataType,
	read: (frame: Frame) => Scalar | typeof none | typeof unknown,
	options: {says?: (value: Scalar) => string; asks?: readonly string[]; field?: Exactly['field']} = {},
): Expression {
	const says = options.says ?? ((value: Scalar) => `it is ${type.say(value)}`);
	const doubt: Doubt = {id: 'rule-not-understood', why: `${words}: not known of this packet`, tell: 'a trace of a real request'};
	return {words, types: [type], read, says: value => says(value as Scalar), asks: options.asks ?? [], doubt, field: options.field};
}
