import {randomBytes} from 'node:crypto';
import type {Netns} from '../kernel/identity.js';
import type {Gap, Trace, TracePlan, TraceSight} from '../model/index.js';
import type {ProbeContext} from '../probe/context.js';
import {placeOf} from '../probe/place.js';
import {probe} from '../probe/probe.js';
import {tetherArgv, tethered} from '../probe/sender.js';
import {splitDoor} from '../process/start.js';
import {readAftermath} from './aftermath.js';
import {moved, readCounters} from './counters.js';
import {readDialling} from './dialling.js';
import {followClient} from './follow-client.js';
import {legacyCounters} from './legacy-counters.js';
import {settle} from './settle.js';
import {watchBytes} from './watch-bytes.js';
import {watchConnections} from './watch-connections.js';
import {watchPackets} from './watch-packets.js';
import {watchRules} from './watch-rules.js';

/**
 * Launches one request (or waits for that of a client elsewhere) and gathers what the kernel does with its packets in every network
 * namespace of the plan: rules, packets, conntrack, counters. Bounded by the plan's time. All programs that it starts end before it
 * resolves, and together with dockhop however that ends; so does its table. Rejects with the signal's reason when aborted, never
 * otherwise: what could not be looked at is a gap of its place. `armed` is called when everything looks: from then on a client may send.
 */
export async function trace(plan: TracePlan, context: ProbeContext, signal: AbortSignal, armed?: () => void): Promise<Trace> {
	signal.throwIfAborted();
	const tether = await tetherArgv();
	const filters = [plan.first, ...plan.others];
	const table = `dockhop_${randomBytes(6).toString('hex')}`;
	const client = plan.send ? null : followClient(plan);
	const looks = await Promise.all(
		plan.places.map(async ({key, legacy}) => {
			const entered = await enterOf(key, context);
			if ('gap' in entered) return {key, gap: entered.gap};
			// In front of nsenter: the sooner it is set, the less can outlive dockhop.
			const enter = tethered(entered.enter, tether);
			const count = async () => [
				...(await readCounters(entered.pid, entered.enter)),
				...(legacy ? await legacyCounters(entered.enter) : []),
			];
			const proxied = plan.proxied && key === 'host';
			const [before, dialling, packets, rules, conntrack, bytes] = await Promise.all([
				count(),
				proxied ? readDialling(entered.enter) : [],
				watchPackets(key, enter, filters, line => client?.hear(line)),
				watchRules(key, {enter, pid: entered.pid}, filters, table),
				watchConnections(key, {enter, pid: entered.pid}, filters),
				proxied ? watchBytes(key, enter, filters) : null,
			]);
			return {key, enter: entered.enter, count, before, dialling, packets, rules, conntrack, bytes};
		}),
	);
	const open = looks.filter(look => look.gap === undefined);
	const watchers = open.flatMap(({packets, rules, conntrack, bytes}) => [packets, rules, conntrack, ...(bytes ? [bytes] : [])]);
	const stop = () => Promise.all(watchers.map(watcher => watcher.stop()));
	try {
		signal.throwIfAborted();
		const armedAt = (Date.now() + 1) * 1000;
		client?.begin(armedAt);
		armed?.();
		const result = plan.send ? await probe(plan.send, context, signal) : null;
		if (client) await client.over(plan.timeoutSeconds * 1000, signal);
		await settle(watchers, signal);
		// Where the request fared well, nobody asks for counters.
		const asked = result?.reached === true ? [] : open;
		const [counters, aftermath] = await Promise.all([
			Promise.all(asked.map(async ({key, count, before}) => moved(key, before, await count()))),
			Promise.all(asked.map(({key, enter}) => readAftermath(key, enter, filters))),
		]);
		await stop();
		const lines = open.flatMap(({packets}) => packets.events());
		return {
			plan,
			probe: result,
			armedAt,
			client: client?.client() ?? null,
			sights: looks.map(sightOf),
			packets: lines.flatMap(line => ('packet' in line ? [line.packet] : [])),
			dialling: open.flatMap(({dialling}) => dialling),
			bytes: open.flatMap(({bytes}) => bytes?.events() ?? []),
			questions: lines.flatMap(line => ('question' in line ? [line.question] : [])),
			errors: lines.flatMap(line => ('error' in line ? [line.error] : [])),
			passes: open.flatMap(({rules}) => rules.events()),
			connections: open.flatMap(({conntrack}) => conntrack.events()),
			counters: counters.flat(),
			neighbours: aftermath.flatMap(({neighbours}) => neighbours),
			listeners: aftermath.flatMap(({listeners}) => listeners),
		};
	} finally {
		await stop();
	}
}

/** How programs are started in a place, or why none can be. */
async function enterOf(key: string, {snapshot}: ProbeContext): Promise<Netns | {gap: Gap}> {
	const {kind, enter, words} = snapshot.vantage;
	if (kind === 'none') return {gap: {id: 'other-namespace', why: words, tell: 'run dockhop on the host of the engine'}};
	if (kind === 'user') return {gap: {id: 'no-permission', why: 'only root may trace packets', tell: 'sudo dockhop'}};
	// With a namespace in front, the host is that of the process whose namespace is entered: nsenter -t PID -n.
	if (key === 'host') return {enter, pid: Number(/ -t (\d+) /.exec(` ${enter.join(' ')} `)?.[1]) || 'self'};
	const place = await placeOf(key, snapshot);
	if ('whyNot' in place) return {gap: {id: 'not-read', why: place.whyNot, tell: 'docker ps -a'}};
	return {enter: [...splitDoor(enter).door, 'nsenter', `--net=/proc/${place.pid}/ns/net`], pid: place.pid};
}

function sightOf(
	look: {key: string; gap: Gap} | ({key: string; gap?: undefined} & Record<'packets' | 'rules' | 'conntrack', {gap(): Gap | null}>),
): TraceSight {
	if (look.gap !== undefined) return {place: look.key, packets: look.gap, rules: look.gap, conntrack: look.gap};
	return {place: look.key, packets: look.packets.gap(), rules: look.rules.gap(), conntrack: look.conntrack.gap()};
}
