import type {Netns} from '../kernel/identity.js';
import type {SeenConnection, TraceFilter} from '../model/index.js';
import {conntrackLine} from './conntrack.js';
import {listen} from './listener.js';
import {groupsOf, netfilterSockets} from './netfilter-socket.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/** Hears what conntrack does in one network namespace, that of the process `pid`: new connections, answers, their end. */
export async function watchConnections(
	place: string,
	{enter, pid}: Netns,
	filters: readonly TraceFilter[],
): Promise<Watcher<SeenConnection>> {
	const proto = filters[0]?.proto ?? 'tcp';
	let events: SeenConnection[] = [];
	const socketsOf = await netfilterSockets(pid, groupsOf.conntrack);
	const program = listen([...enter, 'conntrack', '-E', '-o', 'id,timestamp', '-p', proto], text => {
		const event = conntrackLine(text, place);
		if (event && filters.some(filter => concerns(filter, event))) events.push(event);
	});
	if (!(await program.until(() => socketsOf(program.pid).then(({hears}) => hears), 5000))) {
		await program.stop();
		return blind(whyBlind('conntrack', program));
	}
	return {
		gap: () => null,
		events: () => events,
		forget(us) {
			events = events.filter(one => one.us >= us);
			program.forget();
		},
		check: async () => {},
		lastLine: () => program.lastLine,
		caughtUp: async () => (await socketsOf(program.pid)).waiting === 0,
		stop: program.stop,
	};
}

function concerns({ports: [low, high], address}: TraceFilter, {original, reply}: SeenConnection): boolean {
	const ends = [original, reply].flatMap(({src, dst, sport, dport}) => [
		{at: src, port: sport},
		{at: dst, port: dport},
	]);
	return ends.some(({at, port}) => port >= low && port <= high && (address === null || at === address));
}
