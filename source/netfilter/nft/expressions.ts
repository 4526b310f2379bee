import type {Frame} from '../frame.js';
import {socketFor} from '../socket-asked.js';
import {constant} from './constant.js';
import {type NftContext, setOf} from './context.js';
import {ctExpression} from './ct.js';
import {anyType, name, type Part, plainNumber, type Scalar} from './datatypes.js';
import {changing, type Expression, field, none, opaque, unknown} from './expression.js';
import {fibExpression} from './fib.js';
import {asList, asObject, type Json, onlyKey} from './json.js';
import {metaExpression} from './meta.js';
import {payloadExpression} from './payload.js';
import {rightWords} from './words.js';

/** Understands an expression of `nft -j` (libnftables-json(5), EXPRESSIONS). One that is not known reads as unknown. */
export function expression(json: Json, context: NftContext | null = null): Expression {
	const [kind, value] = onlyKey(json) ?? ['', null];
	if (kind === 'meta') return metaExpression(asObject(value)?.key ?? null);
	if (kind === 'payload') return payloadExpression(value);
	if (kind === 'ct') return ctExpression(value);
	if (kind === 'fib') return fibExpression(value);
	if (kind === 'concat') return concatenation(asList(value).map(part => expression(part, context)));
	if (['&', '|', '^', '<<', '>>'].includes(kind)) return bitwise(kind, asList(value), context);
	if (kind === 'socket') return socketExpression(asObject(value)?.key ?? null);
	if (kind === 'map' && context) return mapped(asObject(value)?.key ?? null, asObject(value)?.data ?? null, context);
	// A walked packet has no IP options or extension headers.
	if ((kind === 'ip option' || kind === 'exthdr') && asObject(value)?.field === undefined) return field(kind, name, () => '');
	if (kind === 'numgen') return changing(plainWords(kind, value), 'counts or draws a number for each packet');
	if (kind === 'jhash' || kind === 'symhash') return changing(kind, 'hashes the packet with a seed of its own');
	return opaque(kind === '' ? JSON.stringify(json).slice(0, 80) : plainWords(kind, value));
}

/** A name with the plain values beside it: "numgen inc mod 2", "tcp option maxseg size". */
function plainWords(kind: string, json: Json): string {
	const entries = Object.entries(asObject(json) ?? {}).filter(([, item]) => typeof item !== 'object');
	return [kind, ...entries.flatMap(([key, item]) => (typeof item === 'string' ? [item] : [key, String(item)]))].join(' ');
}

/** What a map holds for a value of the packet. */
function mapped(keyJson: Json, dataJson: Json, context: NftContext): Expression {
	const key = expression(keyJson, context);
	const map = setOf(dataJson, key.types, context);
	const data = (map?.data ?? []).map(item => constant(item, anyType));
	return {
		...key,
		words: `${key.words} map ${rightWords(dataJson, key.types)}`,
		types: [anyType],
		says: value => `it is ${anyType.say(value as Scalar)}`,
		read(frame) {
			const value = key.read(frame);
			if (value === none || value === unknown) return value;
			const index = map?.find(value, frame) ?? null;
			return index === null ? unknown : index < 0 ? none : (data[index] ?? unknown);
		},
	};
}

function concatenation(parts: Expression[]): Expression {
	const doubtful = parts.find(part => part.types.length === 0) ?? parts[0];
	return {
		words: parts.map(part => part.words).join(' . '),
		types: parts.every(part => part.types.length === 1) ? parts.flatMap(part => part.types) : [],
		asks: parts.flatMap(part => part.asks),
		doubt: doubtful?.doubt ?? opaque('an empty concatenation').doubt,
		says: (value, frame) => parts.map((part, i) => partWords(part, (value as Part[])[i] as Part, frame)).join(', '),
		read(frame) {
			const values = parts.map(part => part.read(frame));
			if (values.includes(none)) return none;
			return values.every(value => value === unknown) ? unknown : (values as Part[]);
		},
	};
}

function partWords(part: Expression, value: Part, frame: Frame): string {
	return value === unknown ? `${part.words} is not known` : part.says(value, frame);
}

/** `a & 0xff`, `a | b`: of numbers of at most 32 bits, or of IPv6 addresses. */
function bitwise(operator: string, sides: Json[], context: NftContext | null): Expression {
	const [first, ...rest] = sides;
	const left = expression(first ?? null, context);
	const type = left.types[0];
	if (!type || left.types.length !== 1) return left;
	const rights = rest.map(side => constant(side, type) ?? expression(side, context));
	const unread = rights.find(right => typeof right === 'object' && right.types.length === 0);
	if (unread && typeof unread === 'object') return unread;
	return {
		...left,
		words: [left.words, ...rights.map(right => (typeof right === 'object' ? right.words : type.say(right)))].join(` ${operator} `),
		says: value => `it is ${type.say(value as Scalar)}`,
		read(frame) {
			let value = left.read(frame);
			for (const right of rights) {
				const other = typeof right === 'object' ? right.read(frame) : right;
				if (value === none || other === none) return none;
				if (value === unknown || other === unknown) return unknown;
				value = calculate(operator, value as Scalar, other as Scalar);
			}
			return value;
		},
	};
}

function calculate(operator: string, a: Scalar, b: Scalar): Scalar | typeof unknown {
	if (typeof a === 'bigint' || typeof b === 'bigint') {
		const [left, right] = [BigInt(a), BigInt(b)];
		const all = (1n << 128n) - 1n;
		if (operator === '&') return left & right;
		if (operator === '|') return left | right;
		if (operator === '^') return left ^ right;
		return operator === '<<' ? (left << right) & all : left >> right;
	}
	if (typeof a !== 'number' || typeof b !== 'number') return unknown;
	if (operator === '&') return (a & b) >>> 0;
	if (operator === '|') return (a | b) >>> 0;
	if (operator === '^') return (a ^ b) >>> 0;
	return operator === '<<' ? (b > 31 ? 0 : (a << b) >>> 0) : b > 31 ? 0 : a >>> b;
}

/** Without a socket that takes the packet the kernel leaves the rule; whether it is bound to an address is all that was read of it. */
function socketExpression(key: Json): Expression {
	const words = `socket ${String(key)}`;
	const read = (frame: Frame) => {
		const found = socketFor(frame);
		if (found === 'none') return none;
		return found === null || key !== 'wildcard' ? unknown : found === 'any' ? 1 : 0;
	};
	return key === 'wildcard' ? field(words, plainNumber, read) : {...opaque(words), read};
}
