import type {Gap, TraceFilter} from '../model/index.js';
import {pcapFilter} from './filter.js';
import {listen} from './listener.js';
import {type Line, tcpdumpLine} from './tcpdump.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/**
 * Sees the packets of the filters on every interface of one network namespace, with microseconds. `-Z root`: a tcpdump that changes to
 * its own user would forget that it has to end with dockhop (prctl(2), PR_SET_PDEATHSIG). `-s`: in immediate mode each packet takes a
 * slot of that size in the kernel's buffer, and few slots would mean lost packets. `onLine` hears each as it comes.
 */
export async function watchPackets(
	place: string,
	enter: readonly string[],
	filters: readonly TraceFilter[],
	onLine: (line: Line) => void = () => {},
): Promise<Watcher<Line>> {
	const options = ['-i', 'any', '-nn', '-l', '-tt', '-S', '--immediate-mode', '-s', '192', '-B', '4096', '-Z', 'root'];
	let lines: Line[] = [];
	const dump = listen([...enter, 'tcpdump', ...options, pcapFilter(filters)], text => {
		const line = tcpdumpLine(text, place);
		if (!line) return;
		lines.push(line);
		onLine(line);
	});
	if (!(await dump.until(() => dump.said.includes('listening on any'), 5000))) {
		await dump.stop();
		return blind(whyBlind('tcpdump', dump));
	}
	const losses = lossesOf(() => dropped(dump.said));
	return {
		gap: since => losses.since(since),
		events: () => lines,
		forget(us) {
			lines = lines.filter(line => timeOf(line) >= us);
			dump.forget();
		},
		async check() {
			// Behind a helper's door there is no way for that signal.
			if (dump.throughHelper) return;
			// tcpdump(8): SIGUSR1 has it say how many packets it has lost.
			const before = reports(dump.said);
			dump.signal('SIGUSR1');
			await dump.until(() => reports(dump.said) !== before, 500);
			losses.look();
		},
		lastLine: () => dump.lastLine,
		caughtUp: async () => true,
		stop: dump.stop,
	};
}

function timeOf(line: Line): number {
	return ('packet' in line ? line.packet : 'question' in line ? line.question : line.error).us;
}

/** What was lost so far, and when that was noticed. */
function lossesOf(count: () => number): {look(): void; since(us: number): Gap | null} {
	let known = 0;
	let noticed = 0;
	const look = () => {
		if (count() > known) noticed = Date.now() * 1000;
		known = Math.max(known, count());
	};
	return {
		look,
		since(us) {
			look();
			if (known === 0 || noticed < us) return null;
			return {id: 'read-failed', why: `tcpdump lost ${known} packets: the machine is too busy`, tell: 'trace again'};
		},
	};
}

/** What tcpdump last said of packets that it had no time for: then one that was not seen may have been there. */
function dropped(said: string): number {
	return Number([...said.matchAll(/^(\d+) packets? dropped by kernel/gm)].at(-1)?.[1] ?? 0);
}

/** Where in its words the last such report stands. */
function reports(said: string): number {
	return said.lastIndexOf('dropped by kernel');
}
