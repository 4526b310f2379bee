import type {Group} from '../model/index.js';

/**
 * The rules of ip6tables-nft (or iptables-nft) of a namespace whose nftables ruleset has no table of that family: none, since they are
 * tables of nftables. null: there may be some, and the program has to be asked.
 */
export function withoutTables(nft: Group<string>, family: 'ip' | 'ip6'): Group<string> | null {
	return nft.read && !new RegExp(`"family": ?"${family}"`).test(nft.value) ? {...nft, value: ''} : null;
}

/**
 * The ip sets of a namespace none of whose rules asks for one (xt_set.c: match and target "set"): nothing that decides about a packet.
 * null: there may be some that matter, or not all rules were read.
 */
export function withoutSets(iptables: readonly Group<string>[], nft: Group<string>): Group<string> | null {
	if (!nft.read || /"name": ?"(?:set|SET)"/.test(nft.value)) return null;
	const isNone = iptables.every(group => group.read && !/ -(?:m set|j SET) /.test(group.value));
	return isNone ? {read: true, value: '', source: 'the rules, none of which asks for a set', command: nft.command} : null;
}
