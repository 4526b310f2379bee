import type {Frame} from '../frame.js';
import type {Match, Truth} from '../model.js';
import {constant} from './constant.js';
import {type NftContext, setOf} from './context.js';
import {knownStatusBits} from './ct.js';
import {ctStatus, type DataType, type Part, type Scalar, type Value} from './datatypes.js';
import {partTest} from './elements.js';
import {type Expression, none, opaque, unknown} from './expression.js';
import {expression} from './expressions.js';
import {asObject, type Json, onlyKey} from './json.js';
import {rightWords} from './words.js';

/** {"match": {"op", "left", "right"}} (libnftables-json(5), MATCH). */
export function comparison(json: Json, context: NftContext): Match {
	const {op: given = '==', left = null, right = null} = asObject(json) ?? {};
	const op = String(given);
	const side = expression(left, context);
	// nft leaves "==" out, but behind a calculation.
	const silent = op === 'in' || (op === '==' && !/ [&|^<>]+ /.test(side.words));
	const words = [side.words, ...(silent ? [] : [op]), rightWords(right, side.types)].join(' ');
	const test = sideTest(op, side, right, context);
	const single = side.types[0] && side.types.length === 1 ? constant(right, side.types[0]) : null;
	return {
		kind: 'match',
		words,
		asks: side.asks,
		...(op === '==' && side.field && isNumeric(single) ? {exactly: {field: side.field, value: single}} : {}),
		// What is asked for may be all that was not understood.
		doubt: () => (test || side.types.length === 0 ? side.doubt : opaque(words).doubt),
		has(frame) {
			const value = side.read(frame);
			if (value === none) return 'it has no such thing';
			return value === unknown ? 'not known' : side.says(value, frame);
		},
		test(frame) {
			const value = side.read(frame);
			if (value === none) return false;
			return value === unknown || !test ? null : test(value, frame);
		},
	};
}

function partTruth(test: ((value: Scalar) => boolean) | null | undefined, value: Part): Truth {
	return value === unknown || !test ? null : test(value);
}

function allOf(truths: Truth[]): Truth {
	return truths.includes(false) ? false : truths.includes(null) ? null : true;
}

function isNumeric(value: Scalar | null): value is number | bigint {
	return typeof value === 'number' || typeof value === 'bigint';
}

type ValueTest = (value: Value, frame: Frame) => Truth;

/** How a value of the left side is compared; null where the right side is not understood. */
function sideTest(op: string, side: Expression, right: Json, context: NftContext): ValueTest | null {
	const [type] = side.types;
	if (!type) return null;
	if (op === 'in') return bitTest(type, right) ?? equality(side, right, context);
	if (op === '==' || op === '!=') {
		// The whole status of an entry is never known, only some of its bits.
		if (type === ctStatus) return null;
		const equal = equality(side, right, context);
		if (!equal || op === '==') return equal;
		return (value, frame) => {
			const truth = equal(value, frame);
			return truth === null ? null : !truth;
		};
	}
	const bound = constant(right, type);
	if (bound === null || !(op in orders)) return null;
	const order = orders[op] as (a: Scalar, b: Scalar) => boolean;
	return value => order(value as Scalar, bound);
}

const orders: Record<string, (a: Scalar, b: Scalar) => boolean> = {
	'<': (a, b) => a < b,
	'>': (a, b) => a > b,
	'<=': (a, b) => a <= b,
	'>=': (a, b) => a >= b,
};

/** "in" with flags: one of the bits is set. */
function bitTest(type: DataType, right: Json): ValueTest | null {
	const mask = constant(right, type);
	if (typeof mask !== 'number') return null;
	if (type === ctStatus && (mask & ~knownStatusBits) !== 0) return () => null;
	return value => (Number(value) & mask) !== 0;
}

function equality(side: Expression, right: Json, context: NftContext): ValueTest | null {
	const set = setOf(right, side.types, context);
	if (set)
		return (value, frame) => {
			const index = set.find(value, frame);
			return index === null ? null : index >= 0;
		};
	if (typeof right === 'string' && right.startsWith('@')) return null;
	if (typeof right === 'boolean') return value => (value !== '' && value !== false) === right;
	if (side.types.length > 1) {
		const parts = onlyKey(right)?.[1];
		const tests = Array.isArray(parts) ? parts.map((part, i) => partTest(part, side.types[i] as DataType)) : [null];
		if (tests.includes(null) || tests.length !== side.types.length) return null;
		return value => allOf(tests.map((test, i) => partTruth(test, (value as Part[])[i] as Part)));
	}
	const test = partTest(right, side.types[0] as DataType);
	if (test) return value => test(value as Scalar);
	return expressionTest(right, context);
}

/** The right side may be an expression too: `ct mark == meta mark`. */
function expressionTest(right: Json, context: NftContext): ValueTest | null {
	const other = expression(right, context);
	if (other.types.length !== 1) return null;
	return (value, frame) => {
		const wanted = other.read(frame);
		return wanted === unknown ? null : wanted === none ? false : value === wanted;
	};
}
