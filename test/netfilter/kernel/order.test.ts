import {describe, expect, test} from 'vitest';
import {type Bed, startBed} from './bed.js';
import {noTotals} from './compare.js';
import type {Explained} from './explained.js';
import {must} from './namespaces.js';
import type {Sent} from './packets.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';

/** Rules of one table, with a chain at the same priority of the same hook as those of the other. */
interface Part {
	by: 'nft' | 'iptables-nft' | 'iptables-legacy';
	rules: string;
}

interface Case {
	name: string;
	parts: [Part, Part];
	says: 'passes' | 'blocks' | 'undetermined';
	/** Whether the walk tells a new address at all. */
	rewrites?: boolean;
	/** Why the walk says that it stops. */
	cause?: string;
}

interface Ran {
	walk: Explained;
	/** What the kernel did. */
	end: {reached: boolean; went: string | undefined};
}

const nft = (table: string, chain: string): Part => ({by: 'nft', rules: `table ${table} {\nchain c { ${chain}\n}\n}\n`});
const forward = (table: string, rules: string) => nft(table, `type filter hook forward priority 0; ${rules}`);
const prerouting = (table: string, rules: string) => nft(table, `type nat hook prerouting priority -100; ${rules}`);
const iptables = (by: Part['by'], table: string, ...rules: string[]): Part => {
	const chains = {
		filter: ['INPUT', 'FORWARD', 'OUTPUT'],
		mangle: ['PREROUTING', 'FORWARD', 'POSTROUTING'],
		nat: ['PREROUTING', 'POSTROUTING'],
	};
	const heads = chains[table as keyof typeof chains].map(chain => `:${chain} ACCEPT [0:0]`);
	return {by, rules: [`*${table}`, ...heads, ...rules.map(rule => `-A ${rule}`), 'COMMIT', ''].join('\n')};
};
const marks = 'meta l4proto udp meta mark set 1';
const asks = 'meta mark 1 drop';

const cases: Case[] = [
	{name: 'nft and nft: neither has a say', parts: [forward('ip x', 'counter'), forward('inet y', 'accept')], says: 'passes'},
	{name: 'nft and nft: one drops', parts: [forward('ip x', 'udp dport 80 drop'), forward('ip y', 'accept')], says: 'blocks'},
	{name: 'nft and nft: both drop', parts: [forward('ip x', 'udp dport 80 drop'), forward('inet y', 'udp dport 80 drop')], says: 'blocks'},
	{
		name: 'nft and nft: one drops, one rejects',
		parts: [forward('ip x', 'udp dport 80 drop'), forward('ip y', 'udp dport 80 reject')],
		says: 'blocks',
		cause: 'dropped-or-rejected',
	},
	{name: 'nft and nft: one marks, nobody asks', parts: [forward('ip x', marks), forward('ip y', 'accept')], says: 'passes'},
	{name: 'nft and nft: one marks, the other asks', parts: [forward('ip x', marks), forward('inet y', asks)], says: 'undetermined'},
	{
		name: 'nft and nft: one marks, the other asks, and drops all others as well',
		parts: [forward('ip x', marks), forward('ip y', `${asks}\nudp dport 80 drop`)],
		says: 'blocks',
	},
	{
		name: 'nft and iptables-nft: one marks, the other asks',
		parts: [forward('ip x', marks), iptables('iptables-nft', 'filter', 'FORWARD -m mark --mark 1 -j DROP')],
		says: 'undetermined',
	},
	{
		name: 'nft and iptables-legacy: one marks, the other asks',
		parts: [forward('ip x', marks), iptables('iptables-legacy', 'filter', 'FORWARD -m mark --mark 1 -j DROP')],
		says: 'undetermined',
	},
	{
		name: 'iptables-nft and iptables-legacy: one marks, the other asks',
		parts: [
			iptables('iptables-nft', 'mangle', 'FORWARD -p udp -j MARK --set-mark 1'),
			iptables('iptables-legacy', 'mangle', 'FORWARD -m mark --mark 1 -j DROP'),
		],
		says: 'undetermined',
	},
	{
		name: 'iptables-nft and iptables-legacy: both drop',
		parts: [iptables('iptables-nft', 'filter', 'FORWARD -p udp -j DROP'), iptables('iptables-legacy', 'filter', 'FORWARD -p udp -j DROP')],
		says: 'blocks',
	},
	{
		name: 'nft and nft: two destinations',
		parts: [prerouting('ip x', 'udp dport 80 dnat to 10.98.0.3'), prerouting('ip y', 'udp dport 80 dnat to 10.95.0.2')],
		says: 'undetermined',
	},
	{
		name: 'nft and nft: the same destination',
		parts: [prerouting('ip x', 'udp dport 80 dnat to 10.98.0.3'), prerouting('inet y', 'udp dport 80 dnat ip to 10.98.0.3')],
		says: 'passes',
	},
	{
		name: 'nft and iptables-legacy: two destinations',
		parts: [
			prerouting('ip x', 'udp dport 80 dnat to 10.98.0.3'),
			iptables('iptables-legacy', 'nat', 'PREROUTING -p udp -j DNAT --to-destination 10.95.0.2'),
		],
		says: 'undetermined',
	},
	{
		name: 'nft and iptables-legacy: one translates, the other has nothing for it',
		parts: [
			prerouting('ip x', 'udp dport 80 dnat to 10.98.0.3'),
			iptables('iptables-legacy', 'nat', 'PREROUTING -p tcp -j DNAT --to-destination 10.95.0.2'),
		],
		says: 'passes',
	},
	{
		name: 'nft and nft: two destinations, and both are dropped',
		parts: [
			prerouting('ip x', 'udp dport 80 dnat to 10.98.0.3'),
			{
				by: 'nft',
				rules:
					'table ip y {\nchain n { type nat hook prerouting priority -100; udp dport 80 dnat to 10.95.0.2\n}\nchain c { type filter hook prerouting priority 0; udp dport 80 drop\n}\n}\n',
			},
		],
		says: 'blocks',
		rewrites: false,
	},
	{
		name: 'a chain beside address translation itself: it asks for the address as it was',
		parts: [
			prerouting('ip x', 'udp dport 80 dnat to 10.98.0.3'),
			nft('ip y', 'type filter hook prerouting priority -100; ip daddr 10.98.0.2 drop'),
		],
		says: 'undetermined',
	},
	{
		name: 'a chain beside connection tracking: a state that only one of the two orders knows',
		parts: [
			nft('ip x', 'type filter hook prerouting priority -200; ct state new drop'),
			iptables('iptables-legacy', 'nat', 'PREROUTING -p tcp -j DNAT --to-destination 10.95.0.2'),
		],
		says: 'undetermined',
	},
];

/**
 * Of two chains of equal priority the one made last comes first, and no dump says which that is (this kernel has no dump of its hooks):
 * each case is made in both orders. What the walk tells holds in both, and where it tells nothing they end differently.
 */
describe('chains of equal priority', () => {
	const theBed = withBed();
	let sport = 20_000;

	test.each(cases)('$name: $says', async ({parts, says, rewrites, cause}) => {
		const ends = [];
		for (const order of [parts, parts.toReversed()]) ends.push(await run(order));
		for (const {walk} of ends) {
			expect(walk.told.request?.verdict, walk.told.request?.lines.join('\n')).toBe(says);
			if (cause) expect(walk.told.request?.stop?.cause).toBe(cause);
			if (rewrites === false) expect(walk.told.request?.in.host?.tuples).toHaveLength(1);
			if (says === 'undetermined') expect(walk.told.request?.stop?.why).toMatch(/ have the same priority: /);
		}
		const [one, other] = ends;
		if (says === 'undetermined') expect(one?.end).not.toEqual(other?.end);
		else for (const {end} of ends) expect(end.reached).toBe(says === 'passes');
	});

	/** A legacy table that was there once stays, empty: where it is to be made last, the namespace has to be new. */
	async function run(parts: Part[]): Promise<Ran> {
		if (parts.at(-1)?.by !== 'iptables-legacy') return runIn(theBed(), parts);
		const fresh = await startBed();
		try {
			return await runIn(fresh, parts);
		} finally {
			await fresh.down();
		}
	}

	async function runIn(bed: Bed, parts: Part[]): Promise<Ran> {
		await bed.clear();
		await bed.route({commands: [], sysctls: ['net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0']});
		for (const {by, rules} of parts) await must([...bed.enter.host, ...programs[by]], rules);
		const sent: Sent = {from: 'lan', family: 4, proto: 'udp', dst: '10.98.0.2', dport: 80, sport: sport++};
		const ran: Ran[] = [];
		await trial(bed, ['host'], [sent], noTotals(), 'case', (_one, walk, reached, windows) => {
			ran.push({walk, end: {reached, went: windows.get('host')?.request?.tuples.at(-1)}});
		});
		return ran[0] as Ran;
	}
});

const programs = {
	nft: ['nft', '-f', '-'],
	'iptables-nft': ['iptables-nft-restore'],
	'iptables-legacy': ['iptables-legacy-restore'],
};
