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
	const lines: Line[] = [];
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
	return {gap: () => lost(dump.said), events: () => lines, lastLine: () => dump.lastLine, caughtUp: async () => true, stop: dump.stop};
}

/** What tcpdump says at its end: packets that it had no time for. Then one that was not seen may have been there. */
function lost(said: string): Gap | null {
	const count = Number(/^(\d+) packets? dropped by kernel/m.exec(said)?.[1] ?? 0);
	return count > 0 ? {id: 'read-failed', why: `tcpdump lost ${count} packets: the machine is too busy`, tell: 'trace again'} : null;
}
