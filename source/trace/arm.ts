import {randomBytes} from 'node:crypto';
import type {Gap, ProbeResult, Trace, TracePlan, TraceSight} from '../model/index.js';
import type {ProbeContext} from '../probe/context.js';
import {tetherArgv, tethered} from '../probe/sender.js';
import {readAftermath} from './aftermath.js';
import type {Line} from './captured-line.js';
import {moved, readCounters} from './counters.js';
import {readDialling} from './dialling.js';
import {legacyCounters} from './legacy-counters.js';
import {linkNames} from './link-names.js';
import {settle} from './settle.js';
import {standingAt} from './standing.js';
import {readTraffic, trafficBetween} from './traffic.js';
import {watchConnections} from './watch-connections.js';
import {blindPackets, type PacketWatcher, watchPackets} from './watch-packets.js';
import {blindRules, type RuleWatcher, watchRules} from './watch-rules.js';
import {blind, type Watcher} from './watcher.js';

/** Everything looks: in every place of a plan. */
export interface Armed {
	/** Gets ready for what begins now: requests of others that came before it take nothing away from it. Microseconds since the epoch. */
	begin(): Promise<number>;
	/** Waits until all that was seen is here. */
	settle(signal: AbortSignal): Promise<void>;
	/** What was seen since `from` (microseconds; default: all). fared: it went well, so that nobody asks for counters of what was thrown away. */
	gather(of: {probe: ProbeResult | null; client: Trace['client']; from?: number; fared: boolean}): Promise<Trace>;
	/** Asks every program whether it has missed something. */
	check(): Promise<void>;
	/** What could not be looked at; final when all has stopped. */
	sights(): TraceSight[];
	/** Drops what is older. */
	forget(us: number): void;
	/** Ends every program, and with it the table. */
	stop(): Promise<void>;
}

/**
 * Starts to look in every network namespace of a plan: rules, packets, conntrack, counters. Never rejects: what cannot be looked at is a gap
 * of its place. The programs end with `stop`, and together with dockhop however that ends. `hear` gets the packets as they come.
 */
export async function arm(plan: TracePlan, context: ProbeContext, hear: (line: Line) => void = () => {}): Promise<Armed> {
	const tether = await tetherArgv();
	const table = `dockhop_${randomBytes(6).toString('hex')}`;
	const looks = await Promise.all(
		plan.places.map(async ({key, legacy, filters = [plan.first, ...plan.others]}) => {
			const standing = await standingAt(key, context);
			if ('gap' in standing) return {key, gap: standing.gap};
			const {pid, enters} = standing;
			// In front of nsenter: the sooner it is set, the less can outlive dockhop.
			const enter = tethered(standing.enter, tether);
			const count = async () => [
				...(await readCounters(pid, enters ? standing.enter : null)),
				...(legacy && enters ? await legacyCounters(standing.enter) : []),
			];
			const proxied = plan.proxied && key === 'host';
			const facts = key === 'host' ? context.snapshot.host : context.snapshot.containers[key]?.netns;
			const names = linkNames(standing.enter, facts?.links.read ? facts.links.value : []);
			const [before, traffic, dialling, packets, rules, conntrack] = await Promise.all([
				count(),
				readTraffic(pid),
				proxied ? readDialling(standing.enter) : [],
				standing.packets ? blindPackets(standing.packets) : watchPackets({place: key, enter, names, wantsBytes: proxied}, filters, hear),
				standing.rules ? blindRules(standing.rules) : watchRules(key, {enter, pid}, filters, table),
				standing.rules ? blind(standing.rules) : watchConnections(key, {enter, pid}, filters),
			]);
			return {key, legacy, standing, count, before, traffic, dialling, packets, rules, conntrack};
		}),
	);
	const open = looks.filter(look => look.gap === undefined);
	const watchers = open.flatMap(({packets, rules, conntrack}) => [packets, rules, conntrack]);
	let at = 0;
	return {
		async begin() {
			await Promise.all(watchers.map(watcher => watcher.begin()));
			at = (Date.now() + 1) * 1000;
			return at;
		},
		settle: signal => settle(watchers, signal),
		async gather({probe, client, from = 0, fared}) {
			// The counters of iptables-legacy are the only sign of its rules.
			const asked = open.filter(({legacy}) => !fared || legacy);
			const [counters, aftermath, traffic] = await Promise.all([
				Promise.all(
					asked.map(async look => {
						const after = await look.count();
						const found = moved(look.key, look.before, after);
						look.before = after;
						return found;
					}),
				),
				Promise.all(asked.flatMap(({key, standing}) => (standing.enters ? [readAftermath(key, standing.enter, askedPorts(plan))] : []))),
				Promise.all(
					asked.flatMap(({key, standing, traffic}) =>
						standing.packets ? [readTraffic(standing.pid).then(now => trafficBetween(key, traffic, now))] : [],
					),
				),
			]);
			const since = <T extends {us: number}>(events: readonly T[]) => events.filter(({us}) => us >= from);
			const lines = open.flatMap(({packets}) => packets.events());
			return {
				plan,
				probe,
				armedAt: Math.max(at, from),
				client,
				sights: looks.map(look => sightOf(look, from)),
				packets: since(lines.flatMap(line => ('packet' in line ? [line.packet] : []))),
				dialling: open.flatMap(({dialling}) => dialling),
				bytes: since(open.flatMap(({packets}) => packets.bytes())),
				questions: since(lines.flatMap(line => ('question' in line ? [line.question] : []))),
				errors: since(lines.flatMap(line => ('error' in line ? [line.error] : []))),
				passes: since(open.flatMap(({rules}) => rules.events())),
				connections: since(open.flatMap(({conntrack}) => conntrack.events())),
				counters: counters.flat(),
				traffic: traffic.flat(),
				neighbours: aftermath.flatMap(({neighbours}) => neighbours),
				listeners: aftermath.flatMap(({listeners}) => listeners),
			};
		},
		check: async () => {
			await Promise.all(watchers.map(watcher => watcher.check()));
		},
		sights: () => looks.map(look => sightOf(look, 0)),
		forget: us => {
			for (const watcher of watchers) watcher.forget(us);
		},
		stop: async () => {
			await Promise.all(watchers.map(watcher => watcher.stop()));
		},
	};
}

/** The ports that the request goes to, before and behind NAT. */
function askedPorts({send, first, others, asks}: TracePlan): number[] {
	if (asks) return asks.map(({port}) => port);
	const filters = send ? others : [first, ...others];
	return [...filters.map(({ports}) => ports[0]), ...(send ? [send.port] : []), ...(send?.target ? [send.target.port] : [])];
}

function sightOf(
	look: {key: string; gap: Gap} | {key: string; gap?: undefined; packets: PacketWatcher; rules: RuleWatcher; conntrack: Watcher<unknown>},
	since: number,
): TraceSight {
	if (look.gap !== undefined) return {place: look.key, packets: look.gap, rules: look.gap, conntrack: look.gap};
	const leftOut = look.rules.leftOut(since);
	return {
		...{place: look.key, packets: look.packets.gap(since), rules: look.rules.gap(since), conntrack: look.conntrack.gap(since)},
		...(leftOut.opening || leftOut.following ? {leftOut} : {}),
	};
}
