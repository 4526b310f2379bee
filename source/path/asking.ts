import type {CauseId, Gap, Neighbour, NetnsFacts} from '../model/index.js';
import {parseRulesets} from '../netfilter/ruleset.js';
import {fdbOf, interfaceSetting, linkNamed, linksOnlink, neighbourOf, ownerOf} from '../snapshot/netns.js';
import type {Holder} from './segment.js';
import type {Walk} from './walker.js';
import {type Site, vethsOf} from './world.js';

/** Why the kernel's question for a neighbour gets no answer, or that this cannot be told. */
export type Silence = {cause: CauseId; says: string; command: string} | {gap: Gap};

/** Who asks, on which link, for what, and who should answer. */
export interface Asking {
	from: Site;
	dev: string;
	nexthop: string;
	holder: Holder & {kind: 'container' | 'host'};
	entry: Neighbour | null;
}

/** The entry is used as it stands: nobody is asked (ip-neighbour(8)). */
export function isUsable(entry: Neighbour | null): boolean {
	return entry?.mac != null && !entry.states.some(state => ['FAILED', 'INCOMPLETE', 'NONE'].includes(state));
}

/** The MAC address that frames of a neighbour come with, as the kernel has it; null where it has none, or the address lies behind a router. */
export function senderMac(facts: NetnsFacts, link: string, address: string): string | null {
	if (!linksOnlink(facts, address).includes(link)) return null;
	const entry = neighbourOf(facts, link, address);
	return isUsable(entry) ? (entry?.mac ?? null) : null;
}

/**
 * Why the holder of an address would not answer when it is asked for now: it or its port takes no such questions, or rules on ARP stand
 * between. null: nothing speaks against it. Only IPv4's ARP has rules of its own; IPv6 asks by multicast ICMP.
 */
export function silenceOf(walk: Walk, asking: Asking): Silence | null {
	const family = asking.nexthop.includes(':') ? 6 : 4;
	return floodless(walk, asking, family) ?? (family === 4 ? (deaf(walk, asking) ?? ruled(walk, asking)) : null);
}

/** A port that passes on no broadcasts from other ports; those of the host itself always go out (br_flood). */
function floodless(walk: Walk, {from, holder}: Asking, family: 4 | 6): Silence | null {
	if (holder.kind !== 'container' || from.key === 'host') return null;
	const off = family === 4 ? ('bcast_flood' as const) : ('mcast_flood' as const);
	const port = linkNamed(walk.world.host.facts, holder.port ?? '');
	if (!port?.port?.off?.includes(off)) return null;
	return {
		cause: 'port-not-forwarding',
		says: `${port.name} passes no ${family === 4 ? 'broadcasts' : 'multicasts'} on (${off} off): nobody can ask for ${family === 4 ? 'a MAC address' : 'a neighbour'} behind it`,
		command: `bridge -d link show dev ${port.name}`,
	};
}

/** An interface that answers no ARP: IFF_NOARP, or arp_ignore (ip-sysctl: 8 never, 1 and 2 only for addresses of that interface). */
function deaf(walk: Walk, {from, dev, holder, nexthop: address}: Asking): Silence | null {
	const site = holder.kind === 'host' ? walk.world.host : holder.site;
	const name = holder.kind === 'host' ? bridgeBehind(walk, from, dev) : holder.interface;
	if (name === null) return null;
	if (linkNamed(site.facts, name)?.noArp === true)
		return {cause: 'no-neighbour', says: `${name} of ${site.of ?? 'the host'} answers no ARP (NOARP)`, command: `ip link show ${name}`};
	const ignore = Math.max(...['all', name].map(link => interfaceSetting(site.facts, 4, link, 'arp_ignore') ?? 0));
	const elsewhere = ownerOf(site.facts, address)?.link !== name;
	if (ignore !== 8 && !(elsewhere && (ignore === 1 || ignore === 2))) return null;
	return {
		cause: 'no-neighbour',
		says: `${name} of ${site.of ?? 'the host'} does not answer for ${address}: arp_ignore is ${ignore}`,
		command: `sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.${name}.arp_ignore`,
	};
}

/** Rules on ARP are not walked: where some drop, and the kernel got no answer, that is the cause; else it cannot be told. */
function ruled(walk: Walk, {from, nexthop, holder, entry}: Asking): Silence | null {
	const sites = [from, holder.kind === 'host' ? walk.world.host : holder.site];
	const families = ['arp', ...(sites.some(({key}) => key !== 'host') ? ['bridge'] : [])];
	const found = [...new Set([...sites, walk.world.host])].flatMap(site =>
		parseRulesets(site.facts.rulesets).ruleset.tables.flatMap(table => {
			const there = table.family === 'arp' ? sites.includes(site) : families.includes(table.family) && site.key === 'host';
			const ruling = there ? rulingOnArp(table) : null;
			return ruling ? [{...ruling, of: site.of ?? 'the host', table}] : [];
		}),
	);
	const [first] = found;
	if (!first) return null;
	const {rule, drops, of, table} = first;
	const command = `nft -a list table ${table.family} ${table.name}`;
	if (drops && entry?.states.some(state => state === 'FAILED' || state === 'INCOMPLETE'))
		return {cause: 'no-neighbour', says: `nobody answered for ${nexthop}, and ${of} drops ARP by ${rule}`, command};
	return {
		gap: {
			id: 'rule-not-understood',
			why: `${of} may ${drops ? 'drop' : 'answer or change'} the question for ${nexthop} (ARP) by ${rule}`,
			tell: command,
		},
	};
}

type Table = ReturnType<typeof parseRulesets>['ruleset']['tables'][number];

/**
 * The first rule, or policy, of a table that may drop ARP: in a bridge's tables only what names it, or a policy that nothing of ARP is let past.
 * Or that has it done with by a target of ebtables or arptables (arpreply, mangle, dnat), whose words nft does not print.
 */
function rulingOnArp(table: Table): {rule: string; drops: boolean} | null {
	const named = (text: string) => table.family === 'arp' || /\barp\b|0x0*806\b/i.test(text);
	for (const chain of table.chains.values()) {
		const rule = chain.rules.find(({text}) => /\b(drop|reject|xt target)\b/.test(text) && named(text));
		if (rule) return {rule: `${table.name} ${chain.name} rule ${rule.number}`, drops: !/\bxt target\b/.test(rule.text)};
		const lets = chain.rules.some(({text}) => /\baccept\b/.test(text) && named(text));
		if (chain.base?.policy === 'drop' && !lets) return {rule: `the policy of ${table.name} ${chain.name}`, drops: true};
	}
	return null;
}

/** The bridge that a container's interface leads to. */
export function bridgeBehind(walk: Walk, from: Site, dev: string): string | null {
	const port = vethsOf(walk.world, from).find(pair => pair.interface === dev)?.link;
	return port === undefined ? null : (linkNamed(walk.world.host.facts, port)?.master ?? null);
}

/**
 * Where a bridge sends frames for a MAC address elsewhere than to its port, by a fixed entry, or to no port at all. `heard`: something has just
 * come by that port from there (the answer to the question for it, the packet that is answered), which a port that learns has learned from.
 */
export function misforwarded(walk: Walk, bridge: string, port: string, mac: string, heard: boolean): Silence | null {
	const {facts} = walk.world.host;
	if (!facts.fdb.read) return null;
	const command = `bridge fdb show br ${bridge}`;
	const entries = fdbOf(facts, mac).filter(one => one.master === bridge);
	const learns = !(linkNamed(facts, port)?.port?.off ?? []).includes('learning') && linkNamed(facts, port)?.port?.locked !== true;
	const fixed = entries.find(one => one.dev !== port && (one.state === 'permanent' || one.flags.includes('sticky')));
	if (fixed) return {cause: 'port-not-forwarding', says: `an entry of ${bridge} sends ${mac} to ${fixed.dev}, not to ${port}`, command};
	const off = linkNamed(facts, port)?.port?.off ?? [];
	if (entries.length > 0 || !off.includes('flood') || (learns && heard)) return null;
	const says = `${port} takes no frames for unknown addresses (flood off), and ${bridge} does not know ${mac}`;
	return learns ? {gap: {id: 'stale-memory', why: `${says} yet`, tell: command}} : {cause: 'port-not-forwarding', says, command};
}

/** A locked port takes frames only from addresses that the bridge has an entry for there (br_handle_frame_finish). */
export function lockedOut(walk: Walk, bridge: string, port: string, mac: string | null): Silence | null {
	const {facts} = walk.world.host;
	if (linkNamed(facts, port)?.port?.locked !== true) return null;
	const command = `bridge -d link show dev ${port}; bridge fdb show br ${bridge}`;
	if (!facts.fdb.read || mac === null)
		return {gap: {id: 'not-read', why: `${port} is locked, and what ${bridge} knows there was not read`, tell: command}};
	if (fdbOf(facts, mac).some(one => one.dev === port)) return null;
	return {
		cause: 'port-not-forwarding',
		says: `${port} is locked, and ${bridge} has no entry for ${mac} there: its frames are refused`,
		command,
	};
}
