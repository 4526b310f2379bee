import {expect, test} from 'vitest';
import {readRulesets} from '../../../source/kernel/rulesets.js';
import {parseRulesets} from '../../../source/netfilter/ruleset.js';
import {runBridgeHook} from '../../../source/netfilter/walk.js';
import {run} from '../../../source/process/run.js';
import {hostWith, packet} from '../dump.js';
import {batch, must} from './namespaces.js';

const rules = `table bridge t {
	chain f { type filter hook forward priority 0;
	udp dport 9 counter
	}
}
`;

/**
 * br_netfilter comes with the first bridge of a namespace, at the same priority as this chain. Made before it, the chain is not called for
 * frames that br_netfilter shows to the IP rules; made behind it, it is. The dump is the same, so nothing is told.
 */
test.each([
	{order: 'before', packets: 0},
	{order: 'behind', packets: 3},
])('a chain at the priority of br_netfilter, made $order it', async ({order, packets}) => {
	const name = (place: string) => `dhn-${process.pid}-${order}-${place}`;
	const places = ['host', 'a', 'b'];
	const enter = (place: string) => ['nsenter', `--net=/run/netns/${name(place)}`];
	try {
		for (const place of places) await must(['ip', 'netns', 'add', name(place)]);
		if (order === 'before') await must([...enter('host'), 'nft', '-f', '-'], rules);
		await batch(enter('host'), [
			'link add br0 type bridge',
			'link set br0 up',
			...['a', 'b'].flatMap(place => [
				`link add v${place} type veth peer name eth0 netns /run/netns/${name(place)}`,
				`link set v${place} master br0 up`,
			]),
		]);
		if (order === 'behind') await must([...enter('host'), 'nft', '-f', '-'], rules);
		await must([...enter('host'), 'sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=1']);
		for (const [place, address] of [
			['a', '10.94.0.2/24'],
			['b', '10.94.0.3/24'],
		] as const)
			await batch(enter(place), [`addr add ${address} dev eth0`, 'link set eth0 up']);
		const send = `import('node:dgram').then(({createSocket}) => { const s = createSocket('udp4'); let left = 3; for (let i = 0; i < 3; i++) s.send('x', 9, '10.94.0.3', () => --left || setTimeout(() => s.close(), 300)); })`;
		await must([...enter('a'), process.execPath, '-e', send]);
		const rulesets = await readRulesets({enter: enter('host'), pid: process.pid});
		const {ruleset} = parseRulesets(rulesets);
		const listed = await must([...enter('host'), 'nft', 'list', 'ruleset']);
		expect(/counter packets (\d+)/.exec(listed)?.[1]).toBe(String(packets));
		// A counter makes no difference; a drop in its place does.
		const frame = packet({iif: 'va', oif: 'vb', proto: 'udp', dport: 9, family: 4});
		expect(runBridgeHook(ruleset, 'forward', frame, hostWith([]), 'before').verdict).toBe('accept');
		await must([...enter('host'), 'nft', 'add', 'rule', 'bridge', 't', 'f', 'udp', 'dport', '9', 'drop']);
		const stricter = parseRulesets(await readRulesets({enter: enter('host'), pid: process.pid})).ruleset;
		expect(runBridgeHook(stricter, 'forward', frame, hostWith([]), 'before')).toMatchObject({
			verdict: 'undetermined',
			unknown: {id: 'chain-order'},
		});
		expect(runBridgeHook(stricter, 'forward', frame, hostWith([])).verdict).toBe('drop');
	} finally {
		for (const place of places) await run(['ip', 'netns', 'del', name(place)]);
	}
});
