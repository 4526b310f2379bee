import {clean} from '../text/clean.js';

/** A table as `nft` names it: family and name. */
export type TableName = readonly [family: string, name: string];

/**
 * The tables of `nft -j list ruleset` whose flags are a single word. nft 1.0.6 (Debian 12) prints it out of memory that it has given
 * back (its table_flags_json()), so it may be any word, also the name of another flag. Several flags are a list, and right.
 * Throws where it is no JSON.
 */
export function withOneFlag(json: string): TableName[] {
	// Nearly every ruleset is told by this alone, and a large one is not parsed for it.
	if (!/"flags": ?"/.test(json)) return [];
	return tablesOf(JSON.parse(json)).flatMap(({family, name, flags}) => (typeof flags === 'string' ? [[family, name]] : []));
}

/** The same text with that table's flags as its plain listing says them. Throws where the listing is of another table. */
export function withFlags(json: string, [family, name]: TableName, listing: string): string {
	const [head = '', ...lines] = listing.split('\n').filter(line => line !== '');
	if (!head.startsWith(`table ${family} ${name} {`)) throw new Error(`a listing of the table ${clean(name, 40)} was expected`);
	const flags = /^\s+flags ([\w,]+)$/.exec(lines[0] ?? '')?.[1]?.split(',') ?? [];
	const document: Ruleset = JSON.parse(json);
	for (const table of tablesOf(document)) if (table.family === family && table.name === name) table.flags = flags;
	return JSON.stringify(document);
}

interface Ruleset {
	nftables?: {table?: {family: string; name: string; flags?: unknown}}[];
}

function tablesOf({nftables}: Ruleset) {
	return (nftables ?? []).flatMap(({table}) => (table ? [table] : []));
}
