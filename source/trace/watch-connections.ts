import type {Netns} from '../kernel/identity.js';
import type {Gap, SeenConnection, TraceFilter} from '../model/index.js';
import {isAsleep} from './asleep.js';
import {conntrackLine} from './conntrack.js';
import {linesOf, listen} from './listener.js';
import {groupsOf, netfilterSockets} from './netfilter-socket.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

/**
 * Hears what conntrack does in one network namespace, that of the process `pid`: new connections, answers, changes of their state. Not their
 * removal: that comes minutes later, and of all that a busy host had before in one burst that no buffer holds.
 */
export async function watchConnections(
	place: string,
	{enter, pid}: Netns,
	filters: readonly TraceFilter[],
): Promise<Watcher<SeenConnection>> {
	const proto = filters[0]?.proto ?? 'tcp';
	let events: SeenConnection[] = [];
	/** Milliseconds (performance.now) of the last event that concerns us: those of others never end on a busy host. */
	let lastEvent = 0;
	let ending = false;
	/** Until it has the buffer that it asks for, it loses some among many. */
	let lostBefore = 0;
	const socketsOf = await netfilterSockets(pid, groupsOf.conntrack);
	const mentions = portsIn(filters);
	const program = listen(
		[...enter, 'conntrack', '-E', '-o', 'id,timestamp', '-e', 'NEW,UPDATES', '-b', String(8 << 20), '-p', proto],
		linesOf(text => {
			// Before it is taken to pieces: conntrack(8) tells of every connection of the namespace.
			if (!mentions.test(text)) return;
			const event = conntrackLine(text, place);
			if (!event || !filters.some(filter => concerns(filter, event))) return;
			lastEvent = performance.now();
			events.push(event);
		}),
		{maxBytes: Number.POSITIVE_INFINITY},
	);
	if (!(await program.until(() => socketsOf(program.pid).then(({hears}) => hears), 5000))) {
		await program.stop();
		return blind(whyBlind('conntrack', program));
	}
	const losses = () => [...program.said.matchAll(/ENOBUFS/g)].length;
	const drained = async () => (await socketsOf(program.pid)).waiting === 0 && (await isAsleep(program.pid));
	return {
		gap: () => (losses() > lostBefore || (program.ended !== null && !ending) ? overrun : null),
		events: () => events,
		async begin() {
			// It tells of a loss when it reads again.
			await program.until(drained, 500);
			lostBefore = losses();
			events = [];
		},
		forget(us) {
			events = events.filter(one => one.us >= us);
			program.forget();
		},
		check: async () => {},
		lastLine: () => lastEvent,
		caughtUp: drained,
		past: drained,
		stop: () => {
			ending = true;
			return program.stop();
		},
	};
}

const overrun: Gap = {id: 'read-failed', why: 'conntrack lost events: the machine is too busy', tell: 'trace again'};

/** Whether a line has one of the ports, wherever it stands. */
function portsIn(filters: readonly TraceFilter[]): RegExp {
	const ports = filters.flatMap(({ports: [low, high]}) => Array.from({length: high - low + 1}, (_, index) => low + index));
	return new RegExp(`port=(?:${[...new Set(ports)].join('|')})(?: |$)`);
}

function concerns({ports: [low, high], address}: TraceFilter, {original, reply}: SeenConnection): boolean {
	const ends = [original, reply].flatMap(({src, dst, sport, dport}) => [
		{at: src, port: sport},
		{at: dst, port: dport},
	]);
	return ends.some(({at, port}) => port >= low && port <= high && (address === null || at === address));
}
