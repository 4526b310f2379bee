import type {Group, NotChecked, Path, Snapshot} from '../model/index.js';
import {runningOf} from './inventory.js';

/** Groups of facts that the checks need and that were not read, each with its reason. */
export function unreadGroups(snapshot: Snapshot): NotChecked[] {
	const {host, proxies, veths, containers} = snapshot;
	const {iptables, nft} = host.rulesets;
	const groups: [what: string, group: Group<unknown>][] = [
		['links', host.links],
		['addresses', host.addresses],
		['routes', host.routes],
		['sockets of the host', host.sockets],
		['sysctls', host.sysctls],
		['iptables rules', iptables],
		['nftables ruleset', nft],
		['docker-proxy processes', proxies],
		['veth pairs', veths],
	];
	const inside = runningOf(snapshot).flatMap(({id, name, networkMode}): [string, Group<unknown>][] => {
		const facts = containers[id]?.netns;
		return facts && networkMode !== 'host'
			? [
					[`the network of ${name}`, facts.sockets],
					[`the network of ${name}`, facts.routes],
				]
			: [];
	});
	return byReason([...groups, ...inside].flatMap(([what, group]) => (group.read ? [] : [{...group.gap, what}])));
}

/** Requests whose way could not be told, by the first reason on each. */
export function uncheckedPaths(paths: readonly Path[]): NotChecked[] {
	const reasons = paths.flatMap(({verdict, hops, reply}) => {
		const hop = verdict === 'undetermined' ? [...hops, ...(reply?.hops ?? [])].find(one => one.unknown) : undefined;
		if (!hop?.unknown) return [];
		const why = hop.says || hop.evidence.find(({certainty}) => certainty === 'missing')?.fact || hop.name;
		return [{...hop.unknown, why, what: ''}];
	});
	return byReason(reasons);
}

function byReason(gaps: (NotChecked & {what: string})[]): NotChecked[] {
	return [...Map.groupBy(gaps, ({id, why, tell}) => JSON.stringify([id, why, tell])).values()].flatMap(group => {
		const [first] = group;
		if (!first) return [];
		const {id, why, tell} = first;
		const whats = [...new Set(group.map(({what}) => what))].filter(what => what !== '');
		const listed = whats.length > 6 ? [...whats.slice(0, 5), `${whats.length - 5} more`] : whats;
		return [{id, why: listed.length > 0 ? `${listed.join(', ')}: ${why}` : why, tell}];
	});
}
