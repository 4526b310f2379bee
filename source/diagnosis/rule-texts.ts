import type {Snapshot} from '../model/index.js';
import type {Chain, Table} from '../netfilter/model.js';
import {parseRulesets} from '../netfilter/ruleset.js';

/**
 * The rules of the host that decide whether packets pass (not those of the tables raw, mangle and nat), as text: those alone that a hook leads
 * to. null where not all were read.
 */
export function filterRules(snapshot: Snapshot): string[] | null {
	return (
		tablesOf(snapshot)?.flatMap(table => (['raw', 'mangle', 'nat'].includes(table.name) ? [] : reached(table).flatMap(textsOf))) ?? null
	);
}

/** A chain of the host, and whether a packet can come to it at all; null where there is none of that name. */
export function chainOf(snapshot: Snapshot, family: string, tableName: string, name: string): {rules: string[]; reached: boolean} | null {
	const table = tablesOf(snapshot)?.find(one => one.family === family && one.name === tableName);
	const chain = table?.chains.get(name);
	return table && chain ? {rules: textsOf(chain), reached: reached(table).includes(chain)} : null;
}

/** Every rule of the host as text; null where not all were read. */
export function allRules(snapshot: Snapshot): string[] | null {
	return tablesOf(snapshot)?.flatMap(({chains}) => [...chains.values()].flatMap(textsOf)) ?? null;
}

/** Whether one of the rules names one of these (a link, a subnet) as a whole word. */
export function isNamedIn(rules: readonly string[], words: readonly string[]): boolean {
	const pattern = new RegExp(`(?<![\\w.:-])(?:${words.map(escaped).join('|')})(?![\\w.:-])`);
	return rules.some(rule => pattern.test(rule));
}

function tablesOf({host}: Snapshot): Table[] | null {
	const {ruleset} = parseRulesets(host.rulesets);
	return ruleset.unread.length > 0 ? null : ruleset.tables;
}

/** From the base chains on along every jump; a verdict map may lead to any chain of its table. */
function reached({chains}: Table): Chain[] {
	const found = new Set([...chains.values()].filter(({base}) => base !== null));
	for (const chain of found) {
		for (const {text} of chain.rules) {
			const named = /\bvmap\b/.test(text)
				? [...chains.keys()]
				: [...text.matchAll(/(?:-j|-g|\bjump|\bgoto) (\S+)/g)].map(([, to]) => to ?? '');
			for (const name of named) {
				const next = chains.get(name);
				if (next) found.add(next);
			}
		}
	}
	return [...found];
}

function textsOf({rules}: Chain): string[] {
	return rules.map(({text}) => text);
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
