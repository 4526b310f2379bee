import {type Gap, type Group, type NotChecked, type Path, type Snapshot, unreadContainer} from '../model/index.js';
import {namespaceOwners} from './inventory.js';

/** Groups of facts that the checks need and that were not read: one entry for each reason; and the reasons as the groups have them. */
export function unreadGroups(snapshot: Snapshot): {notChecked: NotChecked[]; reasons: ReadonlySet<string>} {
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
	const inside = namespaceOwners(snapshot).flatMap(({id, name}): [string, Group<unknown>][] => {
		const {netns, resolver} = containers[id] ?? unreadContainer(notRead);
		const {sockets, links, addresses, routes, rulesets} = netns;
		const groups = [sockets, links, addresses, routes, rulesets.iptables, rulesets.nft, resolver.hosts, resolver.resolvConf];
		return groups.map(group => [name, group]);
	});
	const [outer, inner] = [groups.flatMap(gapOf), inside.flatMap(gapOf)];
	return {
		notChecked: [...byReason(outer), ...byReason(inner, 'the inside of ')],
		reasons: new Set([...outer, ...inner].map(({why}) => why)),
	};
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

function gapOf([what, group]: [what: string, group: Group<unknown>]): (Gap & {what: string})[] {
	return group.read ? [] : [{...group.gap, what}];
}

/** "the inside of web, app and 3 more: readable by root only": one entry for each reason. */
function byReason(gaps: (NotChecked & {what: string})[], of = ''): NotChecked[] {
	return [...Map.groupBy(gaps, ({id, why, tell}) => JSON.stringify([id, why, tell])).values()].flatMap(group => {
		const [first] = group;
		if (!first) return [];
		const {id, why, tell} = first;
		const whats = [...new Set(group.map(({what}) => what))].filter(what => what !== '');
		const rest = whats.length > most ? ` and ${whats.length - most} more` : '';
		return [{id, why: whats.length > 0 ? `${of}${whats.slice(0, most).join(', ')}${rest}: ${why}` : why, tell}];
	});
}

const notRead: Gap = {id: 'not-read', why: 'it was not read', tell: 'dockhop doctor'};
const most = 6;
