import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import {run} from '../../source/process/run.js';
import {rulesets} from '../netfilter/dump.js';
import {explained} from '../netfilter/kernel/explained.js';
import {Choices, ipsets, iptablesRules, nftRules, packets, type Sent} from '../netfilter/kernel/generate.js';
import {traced} from '../netfilter/kernel/monitor.js';
import {load, must, type Testbed, testbed} from '../netfilter/kernel/namespaces.js';

/** The kernel is the oracle: for random rules and packets the walk names the rules that `nft monitor trace` names, and the same end. */
describe('the walk agrees with the kernel', () => {
	const count = Number(process.env.DOCKHOP_RULESETS ?? 20);
	const from = Number(process.env.DOCKHOP_SEED ?? 1);
	let bed: Testbed;
	let port = 20_000;
	let compared = 0;
	beforeAll(async () => {
		bed = await testbed();
		await must([...bed.host, 'ipset', 'restore'], ipsets);
	});
	afterAll(() => bed?.down());

	for (let seed = from; seed < from + count; seed++) {
		test(`seed ${seed}`, async () => {
			const choices = new Choices(seed);
			await must([...bed.host, 'nft', 'flush', 'ruleset']);
			const rules = {
				nft: await load([...bed.host, 'nft', '-f', '-'], nftRules(choices)),
				iptables: await load([...bed.host, 'iptables-nft-restore'], iptablesRules(choices)),
			};
			const parsed = parseRulesets(
				rulesets({
					iptables: await must([...bed.host, 'iptables-nft-save', '-c']),
					nft: await must([...bed.host, 'nft', '-j', 'list', 'ruleset']),
					ipsets: await must([...bed.host, 'ipset', 'save']),
				}),
			);
			expect(parsed.gaps).toEqual([]);
			await must([...bed.host, 'nft', '-f', '-'], tracing);
			const sent = packets(choices, 12, port);
			port += sent.length;
			const seen = await traced(bed.host, async () => {
				await Promise.all([
					send(
						bed.client,
						sent.filter(({from}) => from === 'client'),
					),
					send(
						bed.host,
						sent.filter(({from}) => from === 'host'),
					),
				]);
			});
			for (const one of sent) {
				const walk = explained(parsed.ruleset, one);
				const kernel = seen.get(String(one.sport));
				const context = () => `${JSON.stringify(one)}\n${rules.nft}\n${rules.iptables}\n${walk.lines.join('\n')}`;
				expect(kernel, context()).toBeDefined();
				if (walk.verdict === 'undetermined') continue;
				compared++;
				expect(
					kernel?.rules.filter(rule => !rule.startsWith('inet tracing') && !walk.open.includes(rule)),
					context(),
				).toEqual(walk.rules.filter(rule => !walk.open.includes(rule)));
				expect(kernel?.dropped, context()).toBe(walk.verdict === 'drop');
			}
		});
	}

	test('nearly all packets had a definite end to compare', () => {
		expect(compared).toBeGreaterThan(count * 12 * 0.9);
	});
});

const tracing = `table inet tracing {
	chain pre { type filter hook prerouting priority -500; iif eth0 meta nftrace set 1; }
	chain out { type filter hook output priority -500; tcp sport 20000-30000 meta nftrace set 1; udp sport 20000-30000 meta nftrace set 1; }
}`;

async function send(enter: string[], sent: Sent[]): Promise<void> {
	await run([...enter, process.execPath, new URL('../netfilter/kernel/send.mjs', import.meta.url).pathname, JSON.stringify(sent)]);
}
