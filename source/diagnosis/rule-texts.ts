import type {Group, Snapshot} from '../model/index.js';

/** All rules of the host as text, one dump each; null where one that matters was not read. */
export function ruleTexts({host}: Snapshot): string[] | null {
	const {iptables, ip6tables, iptablesLegacy, ip6tablesLegacy, nft} = host.rulesets;
	const all: Group<string>[] = [iptables, ip6tables, iptablesLegacy, ip6tablesLegacy, nft];
	// Where a program is not installed its rules may be there all the same, but then nft tells of them too.
	if (!nft.read || !(iptables.read || iptables.gap.id === 'no-program')) return null;
	return all.flatMap(group => (group.read ? [group.value] : []));
}

/** Whether any rule names one of these words (a link, a subnet) as a whole word; null where the rules were not read. */
export function isNamedByRules(snapshot: Snapshot, words: readonly string[]): boolean | null {
	const texts = ruleTexts(snapshot);
	if (!texts) return null;
	const pattern = new RegExp(`(?<![\\w.:-])(?:${words.map(escaped).join('|')})(?![\\w.:-])`);
	return texts.some(text => pattern.test(text));
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
