import type {Gap, SeenBytes, TraceFilter} from '../model/index.js';
import {isAsleep} from './asleep.js';
import {bytesOf, capturedLine, type Line} from './captured-line.js';
import {pcapFilter} from './filter.js';
import type {linkNames} from './link-names.js';
import {listen} from './listener.js';
import {type Captured, pcapReader} from './pcap.js';
import {blind, type Watcher} from './watcher.js';
import {whyBlind} from './why-blind.js';

export interface PacketWatcher extends Watcher<Line> {
	/** The first bytes of what TCP clients and servers sent; empty where that was not asked for. */
	bytes(): SeenBytes[];
}

/**
 * Sees the packets of the filters on every interface of one network namespace, with microseconds. tcpdump hands them over as they are (`-w -`):
 * among a thousand connections of others its words would cost more than all the rest. `-Z root`: a tcpdump that changes to its own user would
 * forget that it has to end with dockhop (prctl(2), PR_SET_PDEATHSIG). `-s`: in immediate mode each packet takes a slot of that size in
 * the kernel's buffer, and few slots would mean lost packets; for `wantsBytes` what docker-proxy passes on unchanged has to fit.
 * `onLine` hears each as it comes.
 */
export async function watchPackets(
	{place, enter, names, wantsBytes}: {place: string; enter: readonly string[]; names: ReturnType<typeof linkNames>; wantsBytes: boolean},
	filters: readonly TraceFilter[],
	onLine: (line: Line) => void = () => {},
): Promise<PacketWatcher> {
	const options = ['-i', 'any', '-nn', '-w', '-', '-U', '--immediate-mode', '-s', wantsBytes ? '400' : '192', '-B', '8192', '-Z', 'root'];
	let lines: Line[] = [];
	let bytes: SeenBytes[] = [];
	/** Packets whose link is being asked for. */
	let unnamed: Promise<void> | null = null;
	/** Of the last packet that was read. */
	let newest = 0;
	let readable = true;
	let begun = false;
	let ending = false;
	const take = (captured: Captured, link: string) => {
		const line = capturedLine(captured, place, link);
		if (!line) return;
		lines.push(line);
		if (wantsBytes && 'packet' in line && line.packet.flags.includes('psh')) {
			const {us, src, sport, dst, dport} = line.packet;
			bytes.push({us, src, sport, dst, dport, hex: bytesOf(captured)});
		}
		onLine(line);
	};
	const hear = (captured: Captured) => {
		newest = captured.us;
		const name = names.of(captured.link);
		if (name !== null) return take(captured, name);
		const before = unnamed;
		const now = names.ask(captured.link).then(async link => {
			await before;
			take(captured, link);
			if (unnamed === now) unnamed = null;
		});
		unnamed = now;
	};
	const {feed} = pcapReader(hear, () => begun);
	const dump = listen([...enter, 'tcpdump', ...options, pcapFilter(filters)], chunk => {
		readable &&= feed(chunk);
	});
	if (!(await dump.until(() => dump.said.includes('listening on any'), 5000))) {
		await dump.stop();
		return blindPackets(whyBlind('tcpdump', dump));
	}
	const losses = lossesOf(() => dropped(dump.said));
	const check = async () => {
		// Behind a helper's door there is no way for that signal.
		if (dump.throughHelper) return;
		// tcpdump(8): SIGUSR1 has it say how many packets it has lost.
		const before = reports(dump.said);
		dump.signal('SIGUSR1');
		await dump.until(() => reports(dump.said) !== before, 500);
		losses.look();
	};
	return {
		gap: since => (readable ? losses.since(since) : unread) ?? (dump.ended !== null && !ending ? whyBlind('tcpdump', dump) : null),
		events: () => lines,
		bytes: () => bytes,
		async begin() {
			await check();
			losses.excuse();
			begun = true;
		},
		forget(us) {
			lines = lines.filter(line => timeOf(line) >= us);
			bytes = bytes.filter(one => one.us >= us);
			dump.forget();
		},
		check,
		lastLine: () => dump.lastLine,
		async caughtUp() {
			await unnamed;
			return isAsleep(dump.pid);
		},
		async past(us) {
			await unnamed;
			return newest > us;
		},
		stop() {
			ending = true;
			return dump.stop();
		},
	};
}

/** One that could not be started. */
export function blindPackets(gap: Gap): PacketWatcher {
	return {...blind(gap), bytes: () => []};
}

const unread: Gap = {
	id: 'read-failed',
	why: 'tcpdump does not tell on which link it saw a packet',
	tell: 'tcpdump --version (4.99 or later)',
};

function timeOf(line: Line): number {
	return ('packet' in line ? line.packet : 'question' in line ? line.question : line.error).us;
}

/** What was lost since it mattered, and when that was noticed. */
function lossesOf(count: () => number): {look(): void; excuse(): void; since(us: number): Gap | null} {
	let excused = 0;
	let known = 0;
	let noticed = 0;
	const look = () => {
		if (count() > known) noticed = Date.now() * 1000;
		known = Math.max(known, count());
	};
	return {
		look,
		excuse() {
			look();
			excused = known;
		},
		since(us) {
			look();
			if (known === excused || noticed < us) return null;
			return {id: 'read-failed', why: `tcpdump lost ${known - excused} packets: the machine is too busy`, tell: 'trace again'};
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
