/** Checks a JSON value; gives the place and what is wrong ("hops[3].port is no number"), or null. */
export type Shape<T> = ((value: unknown, place: string) => string | null) & {of?: T};

export const text: Shape<string> = (value, place) => (typeof value === 'string' ? null : `${place} is no text`);
export const flag: Shape<boolean> = (value, place) => (typeof value === 'boolean' ? null : `${place} is neither true nor false`);
export const number: Shape<number> = (value, place) => (Number.isFinite(value) ? null : `${place} is no number`);

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
	return (value, place) => (value === null ? null : shape(value, place));
}

/** A field that recordings of earlier days lack. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
	return (value, place) => (value === undefined ? null : shape(value, place));
}

export function oneOf<T extends string | number>(...values: readonly T[]): Shape<T> {
	return (value, place) => (values.includes(value as T) ? null : `${place} is none of ${values.join(', ')}`);
}

export function list<T>(shape: Shape<T>): Shape<T[]> {
	return (value, place) => {
		if (!Array.isArray(value)) return `${place} is no list`;
		return first(value.entries(), ([index, entry]) => shape(entry, `${place}[${index}]`));
	};
}

/** A pair of the same kind: a range. */
export function pair<T>(shape: Shape<T>): Shape<[T, T]> {
	return (value, place) => (Array.isArray(value) && value.length !== 2 ? `${place} is no pair` : list(shape)(value, place));
}

/** An object whose names are data. */
export function map<T>(shape: Shape<T>): Shape<Record<string, T>> {
	return (value, place) => {
		if (!isObject(value)) return `${place} is no object`;
		return first(Object.entries(value), ([key, entry]) => shape(entry, `${place}.${key}`));
	};
}

/** An object with these fields; further ones are no fault: a later version may have added them. */
export function object<T>(fields: {[Key in keyof Required<T>]: Shape<T[Key]>}): Shape<T> {
	return (value, place) => {
		if (!isObject(value)) return `${place} is no object`;
		const shapes = Object.entries(fields) as [string, Shape<unknown>][];
		return first(shapes, ([name, shape]) => shape((value as Record<string, unknown>)[name], place ? `${place}.${name}` : name));
	};
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first<T>(items: Iterable<T>, check: (item: T) => string | null): string | null {
	for (const item of items) {
		const wrong = check(item);
		if (wrong) return wrong;
	}
	return null;
}
