import type {Netns} from '../kernel/identity.js';
import type {Gap, SeenPass, TraceFilter} from '../model/index.js';
import {isAsleep} from './asleep.js';
import {linesOf, listen} from './listener.js';
import {groupsOf, netfilterSockets} from './netfilter-socket.js';
import {nftTrace} from './nft-trace.js';
import {counters, traceRules, traceTable} from './trace-table.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

export interface RuleWatcher extends Watcher<SeenPass> {
	/** Whether connections were left out since then, and packets behind the first ones. */
	leftOut(since: number): Record<(typeof counters)[number], boolean>;
}

/**
 * Follows packets through the hooks and rules of one network namespace: a table of dockhop's own marks the packets of the filters
 * (`meta nftrace set 1`, first thing in prerouting and output), and has an empty chain first and last in every hook. The table belongs to
 * the `nft -i` process that made it ("flags owner"): the kernel removes it when that process ends, however it ends.
 * `enter` goes in front of every program, `pid` is a process in that namespace, `table` is a name that no other table there has.
 */
export async function watchRules(place: string, {enter, pid}: Netns, filters: readonly TraceFilter[], table: string): Promise<RuleWatcher> {
	let listed = false;
	/** How often nft has told how many packets were not marked, the last answer, and when more were found (microseconds since the epoch). */
	let told = 0;
	const skipped = {opening: 0, following: 0};
	const skippedAt = {opening: 0, following: 0};
	/** Microseconds since the epoch of the last moment when something was found to be missing. */
	let missed = 0;
	const now = () => Date.now() * 1000;
	let named = '';
	const owner = listen(
		[...enter, 'nft', '-i'],
		linesOf(line => {
			listed ||= line.includes(`${table}_ready`);
			named = /^table (\S+) /.exec(line)?.[1] ?? named;
			const counter = counters.find(name => line.includes(`counter ${name} {`));
			if (counter) named = `${named.split(' ')[0]} ${counter}`;
			const count = Number(/^\s*packets (\d+) bytes \d+/.exec(line)?.[1] ?? Number.NaN);
			const own = counters.find(name => named === `inet ${name}`);
			if (Number.isNaN(count) || !own) return;
			if (count > skipped[own]) skippedAt[own] = now();
			skipped[own] = count;
			if (own === counters.at(-1)) told++;
		}),
		{stdin: true},
	);
	owner.write(`${traceTable(table)}list chain inet ${table} ${table}_ready\n`);
	const socketsOf = await netfilterSockets(pid, groupsOf.trace);
	const trace = nftTrace(place, table, now);
	const hear = linesOf(text => {
		if (/lost some netlink/i.test(text)) missed = now();
		trace.line(text);
	});
	const monitor = listen([...enter, 'nft', '-a', 'monitor', 'trace'], hear);
	const end = () => Promise.all([monitor.stop(), owner.stop()]);
	const [, hears] = await Promise.all([
		// It may have other things to say (that it knows no terminal).
		owner.until(() => listed || /error|permitted|denied/i.test(owner.said), 5000),
		monitor.until(() => socketsOf(monitor.pid).then(({hears}) => hears), 5000),
	]);
	if (!listed || !hears) {
		await end();
		return blindRules(whyBlind('nft', listed ? monitor : owner));
	}
	const drained = async () => (await socketsOf(monitor.pid)).waiting === 0 && (await isAsleep(monitor.pid));
	/** Has nft do something that tells the counts of the family inet. */
	const ask = async (commands: string) => {
		const before = told;
		owner.write(commands);
		if (!(await owner.until(() => told > before, 2000))) missed = now();
	};
	/** How much it had said before it was given the rules. */
	let saidBefore = Number.POSITIVE_INFINITY;
	const refused = () => (/^error/im.test(owner.said.slice(saidBefore)) ? whyBlind('nft', owner) : null);
	const listCounters = `list counters table inet ${table}\n`;
	const count = () => ask(listCounters);
	return {
		gap: since => refused() ?? (missed > 0 && missed >= since ? busy : null),
		events: () => trace.passes,
		forget(us) {
			trace.forget(us);
			monitor.forget();
			owner.forget();
		},
		leftOut: since => ({
			opening: skippedAt.opening > 0 && skippedAt.opening >= since,
			following: skippedAt.following > 0 && skippedAt.following >= since,
		}),
		async begin() {
			saidBefore = owner.said.length;
			await ask(`${traceRules(table, filters)}${listCounters}`);
		},
		check: count,
		lastLine: () => monitor.lastLine,
		caughtUp: drained,
		past: drained,
		async stop() {
			if (owner.ended === null) await count();
			await end();
		},
	};
}

/** One that could not be started. */
export function blindRules(gap: Gap): RuleWatcher {
	return {...blind(gap), leftOut: () => ({opening: false, following: false})};
}

const busy: Gap = {id: 'read-failed', why: 'nft lost a part of the trace: the machine is too busy', tell: 'trace again'};
