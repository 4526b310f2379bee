import type {Netns} from '../kernel/identity.js';
import type {Gap, SeenPass, TraceFilter} from '../model/index.js';
import {listen} from './listener.js';
import {groupsOf, netfilterSockets} from './netfilter-socket.js';
import {nftTrace} from './nft-trace.js';
import {traceTable} from './trace-table.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/**
 * Follows packets through the hooks and rules of one network namespace: a table of dockhop's own marks the packets of the filters
 * (`meta nftrace set 1`, first thing in prerouting and output), and has an empty chain first and last in every hook. The table belongs to
 * the `nft -i` process that made it ("flags owner"): the kernel removes it when that process ends, however it ends.
 * `enter` goes in front of every program, `pid` is a process in that namespace, `table` is a name that no other table there has.
 */
export async function watchRules(
	place: string,
	{enter, pid}: Netns,
	filters: readonly TraceFilter[],
	table: string,
): Promise<Watcher<SeenPass>> {
	let listed = false;
	/** How often nft has told how many packets were not marked, and the last answer. */
	let told = 0;
	let skipped = 0;
	/** Microseconds since the epoch of the last moment when something was found to be missing. */
	let missed = 0;
	const now = () => Date.now() * 1000;
	const owner = listen(
		[...enter, 'nft', '-i'],
		line => {
			listed ||= line.includes(`${table}_ready`);
			const count = /^\s*packets (\d+) bytes \d+/.exec(line)?.[1];
			if (count === undefined) return;
			told++;
			if (Number(count) > skipped) missed = now();
			skipped = Number(count);
		},
		{stdin: true},
	);
	owner.write(`${traceTable(table, filters)}list chain inet ${table} ${table}_ready\n`);
	const socketsOf = await netfilterSockets(pid, groupsOf.trace);
	const trace = nftTrace(place, table, now);
	const monitor = listen([...enter, 'nft', '-a', 'monitor', 'trace'], text => {
		if (/lost some netlink/i.test(text)) missed = now();
		trace.line(text);
	});
	const end = () => Promise.all([monitor.stop(), owner.stop()]);
	const [, hears] = await Promise.all([
		// It may have other things to say (that it knows no terminal).
		owner.until(() => listed || /error|permitted|denied/i.test(owner.said), 5000),
		monitor.until(() => socketsOf(monitor.pid).then(({hears}) => hears), 5000),
	]);
	if (!listed || !hears) {
		await end();
		return blind(whyBlind('nft', listed ? monitor : owner));
	}
	/** Asks for the count of the family inet, which stands first. */
	const ask = async () => {
		const before = told;
		owner.write(`list counters table inet ${table}\n`);
		if (!(await owner.until(() => told > before, 2000))) missed = now();
	};
	return {
		gap: since => (missed > 0 && missed >= since ? busy : null),
		events: () => trace.passes,
		forget(us) {
			trace.forget(us);
			monitor.forget();
			owner.forget();
		},
		check: ask,
		lastLine: () => monitor.lastLine,
		caughtUp: async () => (await socketsOf(monitor.pid)).waiting === 0,
		async stop() {
			if (owner.ended === null) await ask();
			await end();
		},
	};
}

const busy: Gap = {
	id: 'read-failed',
	why: 'too many other requests go to the same place: not every packet could be traced through the rules',
	tell: 'trace again',
};
