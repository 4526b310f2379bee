import {readNetns} from '../../../source/kernel/netns.js';
import {readRulesets} from '../../../source/kernel/rulesets.js';
import {readSocketOwners} from '../../../source/kernel/socket-owners.js';
import {readSockets} from '../../../source/kernel/sockets.js';
import type {NetnsFacts} from '../../../source/model/index.js';
import {run} from '../../../source/process/run.js';
import {type Agent, startAgent} from './agents.js';
import {batch, must, namespaces} from './namespaces.js';
import {type Routing, undo} from './routing.js';
import {type PlaceName, placeNames} from './topology.js';

/** The testbed in use: namespaces, a process in each, and what dockhop's own readers say of them. */
export interface Bed {
	enter: Record<PlaceName, string[]>;
	agents: Record<PlaceName, Agent>;
	/** Takes all rules and routes of the last round back. */
	clear(): Promise<void>;
	route(routing: Routing): Promise<void>;
	/** The host read anew, of the others only the rules where they changed. */
	facts(changed: PlaceName[]): Promise<Record<PlaceName, NetnsFacts>>;
	down(): Promise<void>;
}

export async function startBed(): Promise<Bed> {
	const {enter, down} = await namespaces();
	const agents = {} as Record<PlaceName, Agent>;
	const stop = async () => {
		for (const agent of Object.values(agents)) await agent.stop();
		await down();
	};
	try {
		for (const place of placeNames) agents[place] = await startAgent(place, enter[place]);
		const owners = await readSocketOwners();
		const read = (place: PlaceName) => readNetns({enter: enter[place], pid: agents[place].pid}, readSockets(enter[place], owners));
		const first = Object.fromEntries(await Promise.all(placeNames.map(async place => [place, await read(place)]))) as Record<
			PlaceName,
			NetnsFacts
		>;
		const sysctls = await readable(enter.host);
		return {
			enter,
			agents,
			async clear() {
				for (const place of ['host', 'a', 'b', 'c'] as const) {
					await must([...enter[place], 'nft', 'flush', 'ruleset']);
					if (place === 'host') await emptyLegacy(enter[place]);
					await run([...enter[place], 'conntrack', '-F']);
				}
				await batch(enter.host, [...undo, 'neigh flush nud failed', 'neigh flush nud incomplete'], true);
				await must([...enter.host, 'sysctl', '-qw', ...sysctls]);
			},
			async route(routing) {
				await must([...enter.host, 'sysctl', '-qw', ...routing.sysctls]);
				// Some of them exclude each other.
				await batch(enter.host, routing.commands, true);
			},
			async facts(changed) {
				const host = await readNetns({enter: enter.host, pid: agents.host.pid}, Promise.resolve(first.host.sockets));
				const others = await Promise.all(
					changed
						.filter(place => place !== 'host')
						.map(async place => [place, {...first[place], rulesets: await readRulesets({enter: enter[place], pid: agents[place].pid})}]),
				);
				return {...first, ...Object.fromEntries(others), host};
			},
			down: stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** The legacy tables, where there are some: built-in chains without rules. */
async function emptyLegacy(enter: readonly string[]): Promise<void> {
	for (const program of ['iptables-legacy', 'ip6tables-legacy']) {
		const saved = await must([...enter, `${program}-save`]);
		const empty = saved
			.split('\n')
			.filter(line => /^(\*|COMMIT|:(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) )/.test(line))
			.map(line => line.replace(/ DROP /, ' ACCEPT '));
		if (empty.length > 0) await must([...enter, `${program}-restore`], `${empty.join('\n')}\n`);
	}
}

/** What the sysctls that a round may change were at first. */
async function readable(enter: readonly string[]): Promise<string[]> {
	const names = ['all', 'eth0', 'br0'].flatMap(link =>
		['rp_filter', 'forwarding', 'route_localnet'].map(leaf => `net.ipv4.conf.${link}.${leaf}`),
	);
	const text = await must([...enter, 'sysctl', 'net.ipv4.ip_forward', ...names, 'net.ipv6.conf.all.forwarding']);
	return text
		.trim()
		.split('\n')
		.map(line => line.replace(/ = /, '='));
}
