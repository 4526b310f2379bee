/** What stands in `nft -j`: nothing about its shape is taken for granted. */
export type Json = null | boolean | number | string | Json[] | {[key: string]: Json};

/** The object, or null where it is none. */
export function asObject(json: Json | undefined): {[key: string]: Json} | null {
	return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : null;
}

/** The only key of an object such as {"match": …} with its value; null where it is no such object. */
export function onlyKey(json: Json | undefined): [string, Json] | null {
	const object = asObject(json);
	const entries = object ? Object.entries(object) : [];
	return entries.length === 1 ? (entries[0] as [string, Json]) : null;
}

export function asString(json: Json | undefined): string | null {
	return typeof json === 'string' ? json : typeof json === 'number' ? String(json) : null;
}

export function asNumber(json: Json | undefined): number | null {
	return typeof json === 'number' ? json : null;
}

export function asList(json: Json | undefined): Json[] {
	return json === undefined || json === null ? [] : Array.isArray(json) ? json : [json];
}
