import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Bed, startBed} from './bed.js';
import {Choices} from './choices.js';
import {explained} from './explained.js';
import {ipsets, iptablesRules} from './iptables-rules.js';
import {load, must} from './namespaces.js';
import type {Sent} from './packets.js';
import {addressesOf, type PlaceName, silentPort} from './topology.js';
import {snapshotOf} from './world.js';

/** Rules of iptables-legacy have no trace: one datagram at a time, the rules whose counters moved are those that the walk names. */
describe('iptables-legacy, by its counters', () => {
	const count = Number(process.env.DOCKHOP_LEGACY_RULESETS ?? 25);
	const from = Number(process.env.DOCKHOP_SEED ?? 1);
	let bed: Bed;
	let sport = 20_000;
	let matched = 0;
	beforeAll(async () => {
		bed = await startBed();
		await must([...bed.enter.host, 'ipset', 'restore'], ipsets);
	});
	afterAll(() => bed?.down());

	for (let seed = from; seed < from + count; seed++) {
		test(`seed ${seed}`, async () => {
			const choices = new Choices(seed);
			await bed.clear();
			await bed.route({commands: [], sysctls: ['net.ipv4.ip_forward=1', `net.bridge.bridge-nf-call-iptables=${choices.below(2)}`]});
			// An ICMP error would move counters too.
			const rules = iptablesRules(choices, 4).replace(/^.*-j REJECT.*$/gm, '');
			const loaded = await load([...bed.enter.host, 'iptables-legacy-restore'], rules);
			const snapshot = snapshotOf(await bed.facts(['host']));
			for (const one of requests(choices, 8, sport)) {
				sport++;
				const before = await counters(bed);
				const {told} = explained(snapshot, one);
				await bed.agents[one.from].ask(one, 15);
				const after = await counters(bed);
				const moved = [...after].filter(([rule, packets]) => packets > (before.get(rule) ?? 0)).map(([rule]) => rule);
				const walked = [...new Set(told.request?.in.host?.rules)];
				const context = `${JSON.stringify(one)}\n${told.request?.lines.join('\n')}\n${loaded}`;
				expect(told.request?.verdict, context).not.toBe('undetermined');
				expect(moved.toSorted(), context).toEqual(walked.toSorted());
				matched += walked.length;
			}
		});
	}

	test('there was something to count', () => {
		expect(matched).toBeGreaterThan(count * 8);
	});
});

/** "ip filter FORWARD #2": how many packets that rule has matched. */
async function counters(bed: Bed): Promise<Map<string, number>> {
	const found = new Map<string, number>();
	const numbers = new Map<string, number>();
	let table = '';
	for (const line of (await must([...bed.enter.host, 'iptables-legacy-save', '-c'])).split('\n')) {
		table = /^\*(\S+)/.exec(line)?.[1] ?? table;
		const [, packets, chain] = /^\[(\d+):\d+\] -A (\S+)/.exec(line) ?? [];
		if (chain === undefined) continue;
		const place = `ip ${table} ${chain}`;
		const number = (numbers.get(place) ?? 0) + 1;
		numbers.set(place, number);
		found.set(`${place} #${number}`, Number(packets));
	}
	return found;
}

/** Datagrams that nobody answers. */
function requests(choices: Choices, count: number, firstPort: number): Sent[] {
	return Array.from({length: count}, (_, index) => {
		const from = choices.one<PlaceName>(['lan', 'lan', 'host', 'a', 'b', 'c']);
		const to = choices.one((['host', 'a', 'b', 'c', 'lan', 'far'] as const).filter(place => place !== from));
		const dst = choices.one(addressesOf(to, 4));
		return {from, family: 4, proto: 'udp', dst, dport: silentPort, sport: firstPort + index};
	});
}
