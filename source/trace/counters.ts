import {readFile} from 'node:fs/promises';
import type {MovedCounter} from '../model/index.js';
import {run} from '../process/run.js';
import {clean} from '../text/clean.js';

export interface Counter {
	/** The link that it belongs to; null: of the whole namespace. */
	interface: string | null;
	name: string;
	value: number;
	command: string;
}

/**
 * Counters of one network namespace that only move where a packet is thrown away: of queueing disciplines (tc), of links and of the stack
 * (/proc/PID/net of a process in it, proc(5)). What cannot be read is left out; `enter` null: no program may run there.
 */
export async function readCounters(pid: number | 'self', enter: readonly string[] | null): Promise<Counter[]> {
	const read = (name: string) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '');
	const [tc, dev, ...stack] = await Promise.all([
		enter ? run([...enter, 'tc', '-s', '-j', 'qdisc', 'show'], {timeoutMs: 3000}) : {stdout: ''},
		read('dev'),
		...['snmp', 'netstat', 'snmp6'].map(read),
	]);
	return [...disciplines(tc.stdout), ...links(dev), ...stackCounters(stack.join('\n'))];
}

/** What moved between two readings of one place. */
export function moved(place: string, before: readonly Counter[], after: readonly Counter[]): MovedCounter[] {
	const keyOf = (one: Counter) => `${one.interface} ${one.name}`;
	const known = new Map(before.map(one => [keyOf(one), one.value]));
	return after.flatMap(({value, ...counter}) => {
		const by = value - (known.get(keyOf({value, ...counter})) ?? value);
		return by > 0 ? [{place, ...counter, by}] : [];
	});
}

function disciplines(text: string): Counter[] {
	return rows<{kind: string; dev: string; handle: string; drops?: number}>(text).map(({kind, dev, handle, drops = 0}) => ({
		interface: clean(dev),
		name: `dropped by qdisc ${clean(kind)} ${clean(handle)}`,
		value: drops,
		command: `tc -s qdisc show dev ${clean(dev)}`,
	}));
}

/** /proc/net/dev: a name, then bytes, packets, errors, drops … received (8 numbers), and the same sent. */
function links(text: string): Counter[] {
	return text.split('\n').flatMap(line => {
		const [, name, numbers = ''] = /^\s*([^\s:]+):\s*(.*)$/.exec(line) ?? [];
		if (name === undefined) return [];
		const values = numbers.split(/\s+/).map(Number);
		const ways = [
			['received, errors', values[2]],
			['received, dropped', values[3]],
			['sent, errors', values[10]],
			['sent, dropped', values[11]],
		] as const;
		return ways.map(([what, value = 0]) => ({interface: clean(name), name: what, value, command: `ip -s link show ${clean(name)}`}));
	});
}

/** /proc/net/snmp and netstat: a line of names, then a line of values; snmp6: a name and a value in each. */
function stackCounters(text: string): Counter[] {
	const lines = text.split('\n').map(line => line.trim().split(/\s+/));
	const counters = lines.flatMap(([group = '', ...values], index): [string, string][] => {
		const names = lines[index - 1];
		if (group.endsWith(':') && names?.[0] === group && /^-?\d+$/.test(values[0] ?? ''))
			return values.map((value, at) => [`${group.slice(0, -1)} ${names[at + 1]}`, value]);
		return values.length === 1 ? [[group, values[0] ?? '']] : [];
	});
	return counters
		.filter(([name]) => tells.test(name))
		.map(([name, value]) => ({interface: null, name: clean(name), value: Number(value), command: 'nstat -az'}));
}

/** Names of RFC 4293 and of the kernel (snmp_counter.rst) that count packets which were thrown away. */
const tells =
	/^(Ip (InHdrErrors|InAddrErrors|InDiscards|OutDiscards|OutNoRoutes|FragFails)|IpExt (InNoRoutes|InTruncatedPkts|InCsumErrors)|Ip6(FragFails|InHdrErrors|InNoRoutes|InAddrErrors|InDiscards|OutDiscards|OutNoRoutes|InTooBigErrors)|Udp (NoPorts|InErrors|RcvbufErrors|InCsumErrors)|Udp6(NoPorts|InErrors|RcvbufErrors)|TcpExt (ListenOverflows|ListenDrops|IPReversePathFilter|TCPReqQFullDrop|LockDroppedIcmps|TCPBacklogDrop|PruneCalled)|Tcp (InErrs|InCsumErrors))$/;

function rows<T>(text: string): T[] {
	try {
		const value: unknown = JSON.parse(text);
		return Array.isArray(value) ? value : [];
	} catch {
		return [];
	}
}
