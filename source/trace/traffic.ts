import {readFile} from 'node:fs/promises';
import type {SeenTraffic} from '../model/index.js';
import {clean} from '../text/clean.js';

type Counted = Omit<SeenTraffic, 'place'>;

/** Packets that each link of a namespace has received and sent so far, as everybody may read them (/proc/PID/net/dev, proc_pid_net(5)). */
export async function readTraffic(pid: number | 'self'): Promise<Counted[]> {
	return parseTraffic(await readFile(`/proc/${pid}/net/dev`, 'utf8').catch(() => ''));
}

/** A name, then bytes, packets … received (8 numbers), and the same sent. */
export function parseTraffic(text: string): Counted[] {
	return text.split('\n').flatMap(line => {
		const [, name, numbers = ''] = /^\s*([^\s:]+):\s*(\d[\d\s]*)$/.exec(line) ?? [];
		const values = numbers.trim().split(/\s+/).map(Number);
		const [received, sent] = [values[1], values[9]];
		return name === undefined || received === undefined || sent === undefined ? [] : [{interface: clean(name), received, sent}];
	});
}

/** What came and went between two readings. A link that was made meanwhile is left out: nothing is known of its beginning. */
export function trafficBetween(place: string, before: readonly Counted[], after: readonly Counted[]): SeenTraffic[] {
	return after.flatMap(now => {
		const then = before.find(one => one.interface === now.interface);
		return then ? [{place, interface: now.interface, received: now.received - then.received, sent: now.sent - then.sent}] : [];
	});
}
