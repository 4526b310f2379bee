import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ProbePlan, Snapshot} from '../model/index.js';
import {run} from '../process/run.js';
import {splitDoor} from '../process/start.js';
import {placeOf} from './place.js';
import {type SendingSocket, sendingSockets, type TargetSocket, targetSockets} from './target-socket.js';

/**
 * The connections that arrived at the target's port while it was watched, each as it was last seen; or why nothing could be seen.
 * unheard: local ports of the sender whose data was not acknowledged at the last two looks at the open connection, so that it is lost on the way.
 */
export type Arrivals = {arrived: TargetSocket[]; unheard: readonly number[]} | {whyNot: string};

/** Watches the target's own sockets, and the sender's, while a request is under way, from before it leaves; gives what arrived beside its result. */
export async function whileWatching<T>(
	{target, from, port}: Pick<ProbePlan, 'target' | 'from' | 'port'>,
	snapshot: Snapshot,
	request: () => Promise<T>,
): Promise<{result: T; arrivals: Arrivals}> {
	const there = target ? await tablesOf(target.containerId, snapshot) : {whyNot: 'what answers there is out of sight'};
	if ('whyNot' in there || !target) return {result: await request(), arrivals: there as {whyNot: string}};
	const here = await tablesOf(from.kind === 'container' ? from.id : null, snapshot);
	const arrived = () => parsed(there, table => targetSockets(table, target.port));
	const sending = () => ('whyNot' in here ? Promise.resolve([]) : parsed(here, table => sendingSockets(table, port)));
	const stop = new AbortController();
	const watching = watch(arrived, sending, await arrived(), stop.signal);
	const result = await request().finally(() => stop.abort());
	return {result, arrivals: await watching};
}

/** Each connection that was not there before, as it was last seen open. */
async function watch(
	arrived: () => Promise<TargetSocket[] | null>,
	sending: () => Promise<SendingSocket[] | null>,
	before: TargetSocket[] | null,
	stop: AbortSignal,
): Promise<Arrivals> {
	const known = new Set(before?.map(keyOf));
	const latest = new Map<string, TargetSocket>();
	let failed = before === null;
	const waited = new Map<number, boolean[]>();
	let looks = 0;
	for (let wait = firstLookMs; await elapsed(wait, stop); wait = lookEveryMs) {
		const [now, senders] = await Promise.all([arrived(), sending()]);
		looks++;
		failed ||= now === null;
		for (const {localPort, waits} of senders ?? []) waited.set(localPort, [...(waited.get(localPort) ?? []).slice(-1), waits]);
		for (const socket of now ?? []) if (!known.has(keyOf(socket))) latest.set(keyOf(socket), socket);
	}
	if (failed) return {whyNot: 'the sockets of the target cannot be read'};
	if (looks === 0) return {whyNot: 'it was over before anybody looked there'};
	const unheard = [...waited].filter(([, looks]) => looks.length === 2 && looks.every(Boolean)).map(([port]) => port);
	return {arrived: [...latest.values()], unheard};
}

/** A quick answer is never looked at. Each look costs the kernel a walk through its whole connection table (a few ms). */
const firstLookMs = 100;
const lookEveryMs = 200;

/** /proc/PID/net/tcp and tcp6 of a network namespace; null where they cannot be read. */
type Tables = () => Promise<string[] | null>;

async function parsed<T>(tables: Tables, parse: (table: string) => T[]): Promise<T[] | null> {
	return (await tables())?.flatMap(parse) ?? null;
}

/** The tables of a container's namespace; null: the host's. */
async function tablesOf(containerId: string | null, snapshot: Snapshot): Promise<Tables | {whyNot: string}> {
	const {door, rest} = splitDoor(snapshot.vantage.enter);
	if (containerId === null && rest.length > 0) {
		const argv = [...door, ...rest, 'cat', '/proc/self/net/tcp', '/proc/self/net/tcp6'];
		return async () => {
			const {stdout} = await run(argv, {timeoutMs: 2000});
			return stdout === '' ? null : [stdout];
		};
	}
	if (containerId === null && snapshot.vantage.kind === 'none') return {whyNot: 'that host is not read'};
	const place = containerId === null ? {pid: 'self'} : await placeOf(containerId, snapshot);
	if ('whyNot' in place) return place;
	return async () => {
		// tcp6 is missing where the kernel has no IPv6; tcp is always there.
		const tcp = await readFile(`/proc/${place.pid}/net/tcp`, 'utf8').catch(() => null);
		const tcp6 = await readFile(`/proc/${place.pid}/net/tcp6`, 'utf8').catch(() => '');
		return tcp === null ? null : [tcp, tcp6];
	};
}

function keyOf({remote, remotePort}: TargetSocket): string {
	return `${remote} ${remotePort}`;
}

/** true after the time, false as soon as it is stopped. */
function elapsed(ms: number, signal: AbortSignal): Promise<boolean> {
	return sleep(ms, true, {signal}).catch(() => false);
}
