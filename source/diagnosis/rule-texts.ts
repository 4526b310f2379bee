import type {Snapshot} from '../model/index.js';
import {parseRulesets} from '../netfilter/ruleset.js';

/** The rules of the host that decide whether packets pass (not those of the tables raw, mangle and nat), as text; null where not all were read. */
export function filterRules(snapshot: Snapshot): string[] | null {
	return rulesOf(snapshot, name => !['raw', 'mangle', 'nat'].includes(name));
}

/** Every rule of the host as text; null where not all were read. */
export function allRules(snapshot: Snapshot): string[] | null {
	return rulesOf(snapshot, () => true);
}

/** Whether one of the rules names one of these (a link, a subnet) as a whole word. */
export function isNamedIn(rules: readonly string[], words: readonly string[]): boolean {
	const pattern = new RegExp(`(?<![\\w.:-])(?:${words.map(escaped).join('|')})(?![\\w.:-])`);
	return rules.some(rule => pattern.test(rule));
}

function rulesOf({host}: Snapshot, wanted: (table: string) => boolean): string[] | null {
	const {ruleset} = parseRulesets(host.rulesets);
	if (ruleset.unread.length > 0) return null;
	const tables = ruleset.tables.filter(({name}) => wanted(name));
	return tables.flatMap(({chains}) => [...chains.values()].flatMap(({rules}) => rules.map(({text}) => text)));
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
