import {describe, expect, test} from 'vitest';
import {noTotals} from './compare.js';
import {loosely} from './loosely.js';
import {must} from './namespaces.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';

/** A rule without a fixed answer is forgotten where both its ways end alike, and only there. */
interface Case {
	name: string;
	/** Rules of FORWARD: of native nft, or lines of iptables. */
	nft?: string;
	iptables?: string;
	says: 'passes' | 'blocks' | 'undetermined';
}

const limit = 'limit rate 1/minute burst 1 packets';

const cases: Case[] = [
	{name: 'accepted by it, or by the next rule', nft: `${limit} accept\naccept`, says: 'passes'},
	{name: 'accepted by it, or by the policy', nft: `${limit} accept`, says: 'passes'},
	{name: 'dropped by it, or by the next rule', nft: `${limit} drop\ndrop`, says: 'blocks'},
	{name: 'dropped or rejected', nft: `${limit} drop\nreject`, says: 'blocks'},
	{name: 'accepted in a chain that it leads to, or behind it', nft: `${limit} jump accepts\naccept`, says: 'passes'},
	{name: 'gone to a chain that drops, or accepted', nft: `${limit} goto drops\naccept`, says: 'undetermined'},
	{name: 'a mark that nobody asks for', nft: `${limit} meta mark set 1`, says: 'passes'},
	{name: 'a mark that a later rule asks for', nft: `${limit} meta mark set 1\nmeta mark 1 drop`, says: 'undetermined'},
	{name: 'a verdict map with the same at its ends', nft: 'numgen inc mod 2 vmap { 0 : accept, 1 : jump accepts }', says: 'passes'},
	{name: 'a verdict map with different ones', nft: 'numgen random mod 2 vmap { 0 : accept, 1 : drop }', says: 'undetermined'},
	{
		name: 'several of them, each open',
		nft: `${limit} accept\nquota over 100 bytes accept\nct count over 1 drop\naccept`,
		says: 'undetermined',
	},
	{name: 'several of them, all ways alike', nft: `${limit} accept\nquota over 100 bytes return\nmeta cpu 0 accept\naccept`, says: 'passes'},
	{
		name: 'accepted here, and dropped by another chain of the hook',
		nft: `${limit} accept\ndrop\n}\nchain f2 { type filter hook forward priority 1; drop`,
		says: 'blocks',
	},
	{name: 'iptables: accepted by it, or by the next rule', iptables: '-m limit --limit 1/min -j ACCEPT\n-j ACCEPT', says: 'passes'},
	{
		name: 'iptables: dropped by it, or by the next rule',
		iptables: '-m statistic --mode random --probability 0.5 -j DROP\n-j DROP',
		says: 'blocks',
	},
	{
		name: 'iptables: dropped or accepted',
		iptables: '-m hashlimit --hashlimit-upto 1/min --hashlimit-mode srcip --hashlimit-name h2 -j ACCEPT\n-j DROP',
		says: 'undetermined',
	},
	{name: 'iptables: given to a program', iptables: '-j NFQUEUE --queue-num 0 --queue-bypass', says: 'undetermined'},
	{
		name: 'iptables: given to a program, or dropped',
		iptables: '-m recent --rcheck --name r2 --rsource -j DROP\n-j NFQUEUE --queue-num 0',
		says: 'undetermined',
	},
	{name: 'iptables: only counted by it', iptables: '-m quota --quota 100\n-j ACCEPT', says: 'passes'},
];

describe('both ways', () => {
	const theBed = withBed();
	let sport = 20_000;

	test.each(cases)('$name: $says', async ({nft, iptables, says}) => {
		const bed = theBed();
		await bed.clear();
		await bed.route({commands: [], sysctls: ['net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0']});
		if (nft !== undefined)
			await must(
				[...bed.enter.host, 'nft', '-f', '-'],
				`table ip t {\nchain accepts { accept\n}\nchain drops { drop\n}\nchain f { type filter hook forward priority 0;\n${nft}\n}\n}\n`,
			);
		else {
			const rules = (iptables ?? '').split('\n').map(line => `-A FORWARD ${line}`);
			await must([...bed.enter.host, 'iptables-nft-restore'], ['*filter', ':FORWARD ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n'));
		}
		const sent = [0, 1, 2].map(() => ({from: 'lan', family: 4, proto: 'udp', dst: '10.98.0.2', dport: 80, sport: sport++}) as const);
		const said: string[] = [];
		const hold = loosely({plain: 0, told: 0, undetermined: 0});
		await trial(bed, ['host'], sent, noTotals(), 'case', (one, walk, ...rest) => {
			said.push(walk.told.request?.verdict ?? '');
			hold(one, walk, ...rest);
		});
		expect(said).toEqual([says, says, says]);
	});
});
