import type {MovedCounter} from '../model/index.js';
import {run} from '../process/run.js';
import {clean} from '../text/clean.js';

type Counters = Map<string, {interface: string | null; name: string; value: number; command: string}>;

/**
 * Counters of one network namespace that only move where a packet is thrown away: of queueing disciplines (tc), of links (ip -s) and
 * of the stack (/proc/net/snmp, netstat). What cannot be read is left out.
 */
export async function readCounters(enter: readonly string[]): Promise<Counters> {
	const ask = async (...argv: string[]) => (await run([...enter, ...argv], {timeoutMs: 3000})).stdout;
	const [tc, links, stack] = await Promise.all([
		ask('tc', '-s', '-j', 'qdisc', 'show'),
		ask('ip', '-s', '-j', 'link', 'show'),
		ask('cat', '/proc/net/snmp', '/proc/net/netstat', '/proc/net/snmp6'),
	]);
	return new Map([...qdiscs(tc), ...linkCounters(links), ...stackCounters(stack)].map(one => [`${one.interface} ${one.name}`, one]));
}

/** What moved between two readings of one place. */
export function moved(place: string, before: Counters, after: Counters): MovedCounter[] {
	return [...after].flatMap(([key, {interface: link, name, value, command}]) => {
		const by = value - (before.get(key)?.value ?? value);
		return by > 0 ? [{place, interface: link, name, by, command}] : [];
	});
}

type Counter = {interface: string | null; name: string; value: number; command: string};

function qdiscs(text: string): Counter[] {
	return rows<{kind: string; dev: string; handle: string; drops?: number}>(text).map(({kind, dev, handle, drops = 0}) => ({
		interface: clean(dev),
		name: `dropped by qdisc ${clean(kind)} ${clean(handle)}`,
		value: drops,
		command: `tc -s qdisc show dev ${clean(dev)}`,
	}));
}

interface LinkStatistics {
	ifname: string;
	stats64?: Record<'rx' | 'tx', {dropped?: number; errors?: number}>;
}

function linkCounters(text: string): Counter[] {
	return rows<LinkStatistics>(text).flatMap(({ifname, stats64}) =>
		(['rx', 'tx'] as const).flatMap(way =>
			(['dropped', 'errors'] as const).map(what => ({
				interface: clean(ifname),
				name: `${way} ${what}`,
				value: stats64?.[way]?.[what] ?? 0,
				command: `ip -s link show ${clean(ifname)}`,
			})),
		),
	);
}

/** /proc/net/snmp and netstat: a line of names, then a line of values; snmp6: a name and a value in each. */
function stackCounters(text: string): Counter[] {
	const lines = text.split('\n').map(line => line.trim().split(/\s+/));
	const found: Counter[] = [];
	for (const [index, [group = '', ...values]] of lines.entries()) {
		const before = lines[index - 1];
		if (group.endsWith(':') && before?.[0] === group && /^-?\d+$/.test(values[0] ?? ''))
			for (const [at, value] of values.entries()) keep(`${group.slice(0, -1)} ${before[at + 1]}`, value);
		else if (values.length === 1) keep(group, values[0] ?? '');
	}
	return found;
	function keep(name: string, value: string): void {
		if (tells.test(name)) found.push({interface: null, name: clean(name), value: Number(value), command: 'nstat -az'});
	}
}

/** Names of RFC 4293 and of the kernel (snmp_counter.rst) that count packets which were thrown away. */
const tells =
	/^(Ip InHdrErrors|Ip InAddrErrors|Ip InDiscards|Ip InNoRoutes|Ip OutDiscards|Ip OutNoRoutes|IpExt InNoRoutes|IpExt InTruncatedPkts|Ip6(InHdrErrors|InNoRoutes|InAddrErrors|InDiscards|OutDiscards|OutNoRoutes|InTooBigErrors)|Udp(Lite)? (NoPorts|InErrors|RcvbufErrors|InCsumErrors)|Udp6(NoPorts|InErrors|RcvbufErrors)|TcpExt (ListenOverflows|ListenDrops|IPReversePathFilter|TCPReqQFullDrop|LockDroppedIcmps|TCPBacklogDrop|PruneCalled)|Tcp (InErrs|InCsumErrors))$/;

function rows<T>(text: string): T[] {
	try {
		const value: unknown = JSON.parse(text);
		return Array.isArray(value) ? value : [];
	} catch {
		return [];
	}
}
