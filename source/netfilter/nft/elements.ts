import {lastAddress} from '../../address/value.js';
import {constant} from './constant.js';
import {type DataType, name, type Part, prefixOf, type Scalar, unknown, type Value} from './datatypes.js';
import {asList, asObject, type Json, onlyKey} from './json.js';

/** The elements of a set or map, made ready to be looked up. */
export interface Elements {
	/** Which element holds the value: its index; -1 for none; null where that cannot be told. */
	find(value: Value): number | null;
}

/** Prepares keys of a set as `nft -j` prints them: constants, prefixes, ranges, names with a star, concatenations, and "*" for all others. */
export function elements(keys: Json[], types: DataType[]): Elements {
	const exact = new Map<string, number>();
	const intervals: Interval[] = [];
	const tests: {index: number; test: (value: Value) => boolean}[] = [];
	let rest = -1;
	let unread = types.length === 0;
	for (const [index, json] of keys.entries()) {
		const key = bare(json);
		const parts = types.length === 1 ? [key] : asList(asObject(key)?.concat);
		const plain =
			parts.length === types.length ? parts.map((part, i) => (isWild(part, types[i]) ? null : constant(part, types[i] as DataType))) : [];
		const interval = types.length === 1 ? intervalOf(key, types[0] as DataType) : null;
		const test = partTests(parts, types);
		if (key === '*') rest = index;
		else if (plain.length > 0 && !plain.includes(null)) exact.set(keyText(plain as Scalar[]), index);
		else if (interval) intervals.push({...interval, index});
		else if (test) tests.push({index, test});
		else unread = true;
	}
	const all = types.length > 1 ? allParts(keys, types) : null;
	intervals.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
	return {
		find(value) {
			// What is known of a concatenation may be enough to see that no element holds it.
			if (Array.isArray(value) && value.includes(unknown)) return !all || unread || all.some(tests => mayHold(tests, value)) ? null : rest;
			const found =
				exact.get(keyText((Array.isArray(value) ? value : [value]) as Scalar[])) ??
				(Array.isArray(value) ? undefined : inIntervals(intervals, value)) ??
				tests.find(({test}) => test(value))?.index;
			return found ?? (unread ? null : rest);
		},
	};
}

/** An element without its timeout, counter and comment. */
function bare(json: Json): Json {
	const element = asObject(json)?.elem;
	return asObject(element)?.val ?? json;
}

/** Whether one constant, prefix or range of `nft -j` holds a value of that type; null where it is none of these. */
export function partTest(json: Json, type: DataType): ((value: Scalar) => boolean) | null {
	if (isWild(json, type)) {
		const start = String(json).slice(0, -1);
		return value => typeof value === 'string' && value.startsWith(start);
	}
	const interval = intervalOf(json, type);
	if (interval) return value => isNumeric(value) && typeof value === typeof interval.from && interval.from <= value && value <= interval.to;
	const single = constant(json, type);
	return single === null ? null : value => value === single;
}

function partTests(parts: Json[], types: DataType[]): ((value: Value) => boolean) | null {
	if (parts.length !== types.length) return null;
	const tests = parts.map((part, i) => partTest(part, types[i] as DataType));
	if (tests.includes(null)) return null;
	return value => {
		const values = (Array.isArray(value) ? value : [value]) as Scalar[];
		return tests.every((test, i) => test?.(values[i] as Scalar));
	};
}

/** The tests of every element, made when they are needed. */
function allParts(keys: Json[], types: DataType[]): {some(test: (parts: PartTests) => boolean): boolean} {
	let made: PartTests[] | null = null;
	return {
		some(test) {
			made ??= keys.flatMap(key => {
				const parts = asList(asObject(bare(key))?.concat);
				return parts.length === types.length ? [parts.map((part, i) => partTest(part, types[i] as DataType))] : [];
			});
			return made.some(test);
		},
	};
}

type PartTests = (((value: Scalar) => boolean) | null)[];

function mayHold(tests: PartTests, value: Part[]): boolean {
	return value.every((part, i) => part === unknown || (tests[i]?.(part) ?? true));
}

interface Interval {
	from: number | bigint;
	to: number | bigint;
	index: number;
}

function intervalOf(json: Json, type: DataType): Omit<Interval, 'index'> | null {
	const [kind, value] = onlyKey(json) ?? ['', null];
	if (kind === 'prefix') {
		const prefix = prefixOf(value);
		return prefix && {from: prefix.base, to: lastAddress(prefix)};
	}
	if (kind !== 'range') return null;
	const [from, to] = asList(value).map(end => type.parse(end));
	return isNumeric(from) && isNumeric(to) ? {from, to} : null;
}

function isNumeric(value: Scalar | null | undefined): value is number | bigint {
	return typeof value === 'number' || typeof value === 'bigint';
}

/** Intervals of one set do not overlap, so the last one that starts at or below the value is the only candidate. */
function inIntervals(intervals: Interval[], value: Scalar): number | undefined {
	if (!isNumeric(value)) return undefined;
	let low = 0;
	let high = intervals.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((intervals[middle] as Interval).from <= value) low = middle + 1;
		else high = middle;
	}
	const candidate = intervals[low - 1];
	return candidate && typeof candidate.from === typeof value && value <= candidate.to ? candidate.index : undefined;
}

/** A star at the end of an interface's name stands for any ending. */
function isWild(json: Json, type: DataType | undefined): boolean {
	return type === name && typeof json === 'string' && json.length > 1 && json.endsWith('*');
}

function keyText(values: Scalar[]): string {
	return values.map(value => `${typeof value} ${value}`).join('\n');
}
