import {describe, expect, test} from 'vitest';
import type {Bed} from './bed.js';
import {beside} from './beside.js';
import {Choices} from './choices.js';
import {type Compare, noTotals} from './compare.js';
import {type Explained, explained} from './explained.js';
import {legacyCounters, loadLegacy, moved, silence, speak, walked} from './legacy.js';
import {load} from './namespaces.js';
import {nftRules} from './nft-rules.js';
import type {Sent} from './packets.js';
import {addressesOf, type PlaceName, silentPort} from './topology.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';
import {snapshotOf} from './world.js';

const count = Number(process.env.DOCKHOP_LEGACY_RULESETS ?? 25);
const from = Number(process.env.DOCKHOP_SEED ?? 1);
const seeds = Array.from({length: count}, (_, index) => from + index);

/** Rules of iptables-legacy have no trace: one packet at a time, the rules whose counters moved are those that the walk names. */
describe('iptables-legacy, by its counters', () => {
	const theBed = withBed();
	let sport = 20_000;
	let matched = 0;

	test.each(seeds)('seed %i', async seed => {
		const bed = theBed();
		const choices = new Choices(seed);
		await speak(bed);
		await prepare(bed, choices);
		const loaded = await loadLegacy(bed, choices);
		const snapshot = snapshotOf(await bed.facts(['host']));
		await silence(bed);
		for (const one of requests(choices, 12, sport, {tcp: 80, udp: silentPort, icmp: 0})) {
			sport++;
			const before = await legacyCounters(bed);
			const {told} = explained(snapshot, one);
			await bed.agents[one.from].ask(one, 15);
			const walk = walked([{told: told.request ? {request: told.request} : {}, answered: null}]);
			const context = `${JSON.stringify(one)}\n${told.request?.lines.join('\n')}\n${loaded}`;
			expect(told.request?.verdict, context).not.toBe('undetermined');
			expect(moved(before, await legacyCounters(bed)), context).toEqual(walk);
			matched += Object.keys(walk).length;
		}
	});

	test('there was something to count', () => {
		console.log(`iptables-legacy, seeds ${from} to ${from + count - 1}: ${matched} rules matched, one packet at a time`);
		expect(matched).toBeGreaterThan(count * 8);
	});
});

/** Both on one host: what nft has is traced, what iptables-legacy has is counted, over requests and their answers. */
describe('iptables-legacy beside nft', () => {
	const theBed = withBed();
	let sport = 20_000;
	let matched = 0;
	const totals = noTotals();

	test.each(seeds)('seed %i', async seed => {
		const bed = theBed();
		const choices = new Choices(seed);
		await prepare(bed, choices);
		const native = apart(nftRules(choices, 'host'));
		const about = [await load([...bed.enter.host, 'nft', '-f', '-'], native), await loadLegacy(bed, choices)].join('\n');
		const sent = requests(choices, 8, sport, {udp: 80, icmp: 0}, inside);
		sport += sent.length;
		const before = await legacyCounters(bed);
		const walks: Explained[] = [];
		const hold: Compare = (one, walk, ...rest) => {
			walks.push(walk);
			beside(one, walk, ...rest);
		};
		await trial(bed, ['host'], sent, totals, about, hold);
		const walk = walked(walks);
		const counted = moved(before, await legacyCounters(bed));
		// What comes back from beyond the host is not walked, and counted all the same.
		const whole = walks.every(({answered}) => answered !== null);
		const known = Object.fromEntries(Object.entries(counted).filter(([rule, packets]) => whole || packets < (walk[rule] ?? 0)));
		expect(known, `${about}\n${JSON.stringify(sent)}`).toEqual(whole ? walk : {});
		if (whole) matched += Object.keys(walk).length;
	});

	test('there was something to count', () => {
		console.log(`iptables-legacy beside nft: ${matched} rules of iptables-legacy counted; ${JSON.stringify(totals)}`);
		expect(matched).toBeGreaterThan(count * 3);
		expect(totals.undetermined).toBe(0);
	});
});

/**
 * Without rejects: they answer, and what answers is not walked. And at other priorities than those of iptables-legacy: which of two
 * comes first is not in any dump.
 */
function apart(rules: string): string {
	return rules
		.replace(/^.*\breject\b.*$/gm, '')
		.replace(/priority (-150|-100|0|100);/g, (_, priority) => `priority ${Number(priority) + 5};`);
}

async function prepare(bed: Bed, choices: Choices): Promise<void> {
	await bed.clear();
	const bridged = choices.below(2);
	const sysctls = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', `net.bridge.bridge-nf-call-iptables=${bridged}`];
	await bed.route({commands: [], sysctls: [...sysctls, `net.bridge.bridge-nf-call-ip6tables=${bridged}`]});
}

const inside: PlaceName[] = ['host', 'a', 'b', 'c'];
const everywhere: PlaceName[] = [...inside, 'lan', 'far'];

/** Requests of the protocols that are given, each to its port. */
function requests(
	choices: Choices,
	count: number,
	firstPort: number,
	dports: Partial<Record<Sent['proto'], number>>,
	targets: readonly PlaceName[] = everywhere,
): Sent[] {
	return Array.from({length: count}, (_, index) => {
		const from = choices.one<PlaceName>(['lan', 'lan', 'host', 'a', 'b', 'c']);
		const to = choices.one(targets.filter(place => place !== from));
		const family = choices.one([4, 4, 6] as const);
		const proto = choices.one(Object.keys(dports) as Sent['proto'][]);
		return {from, family, proto, dst: choices.one(addressesOf(to, family)), dport: dports[proto] ?? 0, sport: firstPort + index};
	});
}
