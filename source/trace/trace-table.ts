import type {TraceFilter} from '../model/index.js';
import {nftMatches} from './filter.js';

/**
 * The commands that make dockhop's table in a namespace, in the families inet and bridge, as one line, which nft hands to the kernel in one
 * transaction (a tenth of the time that it takes for a line each): an empty chain first and last in every hook.
 */
export function traceTable(table: string): string {
	const lines = families.flatMap(family => [
		`add table ${family} ${table} { flags owner; }`,
		...counters.map(counter => `add counter ${family} ${table} ${counter}`),
		...versions.map(({set, type}) => `add set ${family} ${table} ${set} { type ${type} . inet_service; ${kept} }`),
		...hooks.flatMap(hook => [
			`add chain ${family} ${table} ${hook}_first { type filter hook ${hook} priority -2000000000; }`,
			`add chain ${family} ${table} ${hook}_last { type filter hook ${hook} priority 2000000000; }`,
		]),
	]);
	return `${[...lines, `add chain inet ${table} ${table}_ready`].join('; ')}\n`;
}

/**
 * The commands, again one line, that begin the trace: rules in the first chains of prerouting and output that mark the packets to be traced.
 * Packets of a filter with an address may be anybody's: of TCP so many connections are marked by their first packets, of what follows (and of UDP)
 * so much in a second that the rest of the machine does not feel it. What was left out is counted: connections in "opening", the rest in "following".
 */
export function traceRules(table: string, filters: readonly TraceFilter[]): string {
	const rules = filters.flatMap(marking);
	const chains = families.flatMap(family => ['prerouting', 'output'].map(hook => `${family} ${table} ${hook}_first`));
	return `${chains.flatMap(chain => rules.map(rule => `add rule ${chain} ${rule}`)).join('; ')}\n`;
}

/** Priorities before and behind all that people use; conntrack's confirmation stands behind them all. */
const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const families = ['inet', 'bridge'];
export const counters = ['opening', 'following'] as const;
const versions = [
	{version: 4, ip: 'ip', set: 'clients4', type: 'ipv4_addr'},
	{version: 6, ip: 'ip6', set: 'clients6', type: 'ipv6_addr'},
];
/** How many connections of anybody are followed at a time, each for so long: a client sends its SYN again after 1 and 3 seconds. */
const kept = 'flags dynamic,timeout; timeout 4s; gc-interval 1s; size 64;';

function marking(filter: TraceFilter): string[] {
	const mark = 'meta nftrace set 1 return';
	const {proto, address, shared} = filter;
	const [there = '', back = ''] = nftMatches(filter);
	if (address === null && !shared) return [there, back].map(match => `${match} ${mark}`);
	const limit = proto === 'udp' ? 'limit rate 60/second burst 100 packets' : 'limit rate 30/second burst 60 packets';
	const rest = [there, back].flatMap(match => [`${match} ${limit} ${mark}`, `${match} counter name following return`]);
	if (proto === 'udp') return rest;
	const opens = 'tcp flags & (syn | ack) == syn';
	const sets = versions.filter(({version}) => address === null || (version === 6) === address.includes(':'));
	return [
		// An element that has no place in the set ends the rule: the one that counts comes behind it.
		...sets.map(({ip, set}) => `${there} ${opens} add @${set} { ${ip} saddr . tcp sport } ${mark}`),
		`${there} ${opens} counter name opening return`,
		...sets.map(({ip, set}) => `${back} tcp flags & (syn | rst) != 0 ${ip} daddr . tcp dport @${set} ${mark}`),
		...rest,
	];
}
