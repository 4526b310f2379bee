import type {Gap, SeenPass, TraceFilter} from '../model/index.js';
import {nftMatches} from './filter.js';
import {hearsNetfilter} from './hears-netfilter.js';
import {listen} from './listener.js';
import {nftTrace} from './nft-trace.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/**
 * Follows packets through the hooks and rules of one network namespace: a table of dockhop's own marks the packets of the filters
 * (`meta nftrace set 1`, first thing in prerouting and output), and has an empty chain first and last in every hook. The table belongs to
 * the `nft -i` process that made it ("flags owner"): the kernel removes it when that process ends, however it ends.
 * `enter` goes in front of every program, `table` is a name that no other table there has.
 */
export async function watchRules(
	place: string,
	enter: readonly string[],
	filters: readonly TraceFilter[],
	table: string,
): Promise<Watcher<SeenPass>> {
	let listed = false;
	const owner = listen([...enter, 'nft', '-i'], line => {
		listed ||= line.includes(`${table}_ready`);
	});
	owner.write(`${script(table, filters)}list chain inet ${table} ${table}_ready\n`);
	const trace = nftTrace(place, table, () => Date.now() * 1000);
	let lost = false;
	const monitor = listen([...enter, 'nft', '-a', 'monitor', 'trace'], text => {
		lost ||= /lost some netlink/i.test(text);
		trace.line(text);
	});
	const stop = async () => {
		await Promise.all([monitor.stop(), owner.stop()]);
	};
	const [, hears] = await Promise.all([
		owner.until(() => listed || owner.said.includes('list chain'), 3000),
		monitor.until(() => hearsNetfilter(monitor.pid), 3000),
	]);
	if (!listed || !hears) {
		await stop();
		return blind(whyBlind('nft', listed ? monitor : owner));
	}
	return {gap: () => (lost ? busy : null), events: () => trace.passes, lastLine: () => monitor.lastLine, stop};
}

const busy: Gap = {id: 'read-failed', why: 'nft lost some of what the kernel told: the machine is too busy', tell: 'trace again'};

const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/** Priorities before and behind all that people use; conntrack's confirmation stands behind them all. */
function script(table: string, filters: readonly TraceFilter[]): string {
	const lines = ['inet', 'bridge'].flatMap(family => [
		`add table ${family} ${table} { flags owner; }`,
		...hooks.flatMap(hook => [
			`add chain ${family} ${table} ${hook}_first { type filter hook ${hook} priority -2000000000; }`,
			`add chain ${family} ${table} ${hook}_last { type filter hook ${hook} priority 2000000000; }`,
		]),
		...['prerouting', 'output'].flatMap(hook =>
			nftMatches(filters).map(match => `add rule ${family} ${table} ${hook}_first ${match} meta nftrace set 1`),
		),
	]);
	return `${[...lines, `add chain inet ${table} ${table}_ready`].join('\n')}\n`;
}
