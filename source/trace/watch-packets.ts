import type {TraceFilter} from '../model/index.js';
import {pcapFilter} from './filter.js';
import {listen} from './listener.js';
import {type Line, tcpdumpLine} from './tcpdump.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/**
 * Sees the packets of the filters on every interface of one network namespace, with microseconds. `-Z root`: a tcpdump that changes to
 * its own user would forget that it has to end with dockhop (prctl(2), PR_SET_PDEATHSIG). `onLine` hears each as it comes.
 */
export async function watchPackets(
	place: string,
	enter: readonly string[],
	filters: readonly TraceFilter[],
	onLine: (line: Line) => void = () => {},
): Promise<Watcher<Line>> {
	const argv = [...enter, 'tcpdump', '-i', 'any', '-nn', '-l', '-tt', '-S', '--immediate-mode', '-Z', 'root', pcapFilter(filters)];
	const lines: Line[] = [];
	const dump = listen(argv, text => {
		const line = tcpdumpLine(text, place);
		if (!line) return;
		lines.push(line);
		onLine(line);
	});
	if (!(await dump.until(() => dump.said.includes('listening on any'), 3000))) {
		await dump.stop();
		return blind(whyBlind('tcpdump', dump));
	}
	return {gap: null, events: () => lines, lastLine: () => dump.lastLine, stop: dump.stop};
}
