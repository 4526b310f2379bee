import type {TraceFilter} from '../model/index.js';
import {nftMatches} from './filter.js';

/**
 * The commands that make dockhop's table in a namespace, in the families inet and bridge, as one line, which nft hands to the kernel in one
 * transaction (a tenth of the time that it takes for a line each): an empty chain first and last in every hook, and in
 * the first ones of prerouting and output rules that mark the packets to be traced. Packets of a filter with an address may be anybody's: of
 * them so many in a second are marked that the rest of the machine does not feel it; the others are counted in the counter "skipped".
 */
export function traceTable(table: string, filters: readonly TraceFilter[]): string {
	const lines = ['inet', 'bridge'].flatMap(family => [
		`add table ${family} ${table} { flags owner; }`,
		`add counter ${family} ${table} skipped`,
		...hooks.flatMap(hook => [
			`add chain ${family} ${table} ${hook}_first { type filter hook ${hook} priority -2000000000; }`,
			`add chain ${family} ${table} ${hook}_last { type filter hook ${hook} priority 2000000000; }`,
		]),
		...['prerouting', 'output'].flatMap(hook => filters.flatMap(marking).map(rule => `add rule ${family} ${table} ${hook}_first ${rule}`)),
	]);
	return `${[...lines, `add chain inet ${table} ${table}_ready`].join('; ')}\n`;
}

/** Priorities before and behind all that people use; conntrack's confirmation stands behind them all. */
const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

function marking(filter: TraceFilter): string[] {
	const mark = 'meta nftrace set 1 return';
	return nftMatches(filter).flatMap(match => {
		if (filter.address === null && !filter.shared) return [`${match} ${mark}`];
		// What opens a connection tells most: it has a share of its own.
		const opens = filter.proto === 'tcp' ? [`${match} tcp flags & (syn | rst) != 0 limit rate 300/second burst 200 packets ${mark}`] : [];
		return [...opens, `${match} limit rate 60/second burst 100 packets ${mark}`, `${match} counter name skipped`];
	});
}
