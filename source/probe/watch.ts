import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ProbePlan, Snapshot} from '../model/index.js';
import {run} from '../process/run.js';
import {splitDoor} from '../process/start.js';
import {placeOf} from './place.js';
import {type TargetSocket, targetSockets} from './target-socket.js';

/** The connections that arrived at the target's port while it was watched, each as it was last seen; or why nothing could be seen. */
export type Arrivals = {arrived: TargetSocket[]} | {whyNot: string};

/** Watches the target's own sockets while a request is under way, from before it leaves; gives what arrived beside its result. */
export async function whileWatching<T>(
	target: ProbePlan['target'],
	snapshot: Snapshot,
	request: () => Promise<T>,
): Promise<{result: T; arrivals: Arrivals}> {
	const reader = await readerOf(target, snapshot);
	if ('whyNot' in reader) return {result: await request(), arrivals: reader};
	const stop = new AbortController();
	const watching = watch(reader, await reader.read(), stop.signal);
	const result = await request().finally(() => stop.abort());
	return {result, arrivals: await watching};
}

/** Each connection that was not there before, as it was last seen open. */
async function watch({read}: Reader, before: TargetSocket[] | null, stop: AbortSignal): Promise<Arrivals> {
	const known = new Set(before?.map(keyOf));
	const latest = new Map<string, TargetSocket>();
	let failed = before === null;
	let looks = 0;
	for (let wait = firstLookMs; await elapsed(wait, stop); wait = lookEveryMs) {
		const now = await read();
		looks++;
		failed ||= now === null;
		for (const socket of now ?? []) if (!known.has(keyOf(socket))) latest.set(keyOf(socket), socket);
	}
	if (failed) return {whyNot: 'the sockets of the target cannot be read'};
	return looks === 0 ? {whyNot: 'it was over before anybody looked there'} : {arrived: [...latest.values()]};
}

/** A quick answer is never looked at. Each look costs the kernel a walk through its whole connection table (a few ms). */
const firstLookMs = 100;
const lookEveryMs = 200;

interface Reader {
	read: () => Promise<TargetSocket[] | null>;
}

async function readerOf(target: ProbePlan['target'], snapshot: Snapshot): Promise<Reader | {whyNot: string}> {
	if (!target) return {whyNot: 'what answers there is out of sight'};
	const parse = (tables: string[]) => tables.flatMap(table => targetSockets(table, target.port));
	const {door, rest} = splitDoor(snapshot.vantage.enter);
	if (target.containerId === null && rest.length > 0) {
		const argv = [...door, ...rest, 'cat', '/proc/self/net/tcp', '/proc/self/net/tcp6'];
		return {
			read: async () => {
				const {stdout} = await run(argv, {timeoutMs: 2000});
				return stdout === '' ? null : parse([stdout]);
			},
		};
	}
	if (target.containerId === null && snapshot.vantage.kind === 'none') return {whyNot: 'that host is not read'};
	const place = target.containerId === null ? {pid: 'self'} : await placeOf(target.containerId, snapshot);
	if ('whyNot' in place) return place;
	return {
		read: async () => {
			// tcp6 is missing where the kernel has no IPv6; tcp is always there.
			const tcp = await readFile(`/proc/${place.pid}/net/tcp`, 'utf8').catch(() => null);
			const tcp6 = await readFile(`/proc/${place.pid}/net/tcp6`, 'utf8').catch(() => '');
			return tcp === null ? null : parse([tcp, tcp6]);
		},
	};
}

function keyOf({remote, remotePort}: TargetSocket): string {
	return `${remote} ${remotePort}`;
}

/** true after the time, false as soon as it is stopped. */
function elapsed(ms: number, signal: AbortSignal): Promise<boolean> {
	return sleep(ms, true, {signal}).catch(() => false);
}
