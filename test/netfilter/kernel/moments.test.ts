import {describe, expect, test} from 'vitest';
import {noTotals} from './compare.js';
import type {Told} from './explained.js';
import {must} from './namespaces.js';
import type {Sent} from './packets.js';
import type {Role} from './trace.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';

/** Rules whose answer depends on the moment, on packets before, or on what no dump holds, one by one. */
interface Case {
	name: string;
	/** Of nft, beside a chain f at FORWARD, which they begin. */
	sets?: string;
	nft?: string;
	/** Of iptables, in FORWARD of filter (or where they say). */
	iptables?: string[];
	proto?: 'tcp' | 'udp';
	/** The first packet of the request that does not pass for certain, and what is said of it; passes: none. */
	says: 'passes' | `${Role} ${Exclude<Told['verdict'], 'passes'>}`;
}

const seen = 'set seen { type ipv4_addr; flags dynamic, timeout; timeout 1m; size 100; }';

const cases: Case[] = [
	{
		name: 'a limit in a set, that its elements have',
		sets: 'set s { type ipv4_addr; limit rate 1/hour burst 1 packets; elements = { 10.97.0.2 } }',
		nft: 'ip saddr @s accept\ndrop',
		says: 'request undetermined',
	},
	{
		name: 'a limit in a set, which does not hold the packet',
		sets: 'set s { type ipv4_addr; limit rate 1/hour burst 1 packets; elements = { 10.97.0.9 } }',
		nft: 'ip saddr @s drop',
		says: 'passes',
	},
	{
		name: 'a counter in a set',
		sets: 'set s { type ipv4_addr; counter; elements = { 10.97.0.2 } }',
		nft: 'ip saddr @s accept\ndrop',
		says: 'answer blocks',
	},
	{name: 'a meter with a limit', sets: seen, nft: 'add @seen { ip saddr limit rate over 1/hour } drop', says: 'request undetermined'},
	{
		name: 'a set that the rules fill, whose limit is its own',
		sets: 'set m { type ipv4_addr; flags dynamic; size 100; limit rate 1/hour burst 1 packets; }',
		nft: 'add @m { ip saddr } accept\ndrop',
		says: 'request undetermined',
	},
	{
		name: 'the first packet adds to a set what the next one is asked for',
		sets: seen,
		nft: 'tcp flags & (syn|ack) == ack ip saddr @seen drop\ntcp flags syn add @seen { ip saddr }',
		proto: 'tcp',
		says: 'later undetermined',
	},
	{
		name: 'the same of iptables',
		iptables: ['-p tcp --tcp-flags SYN,ACK ACK -m set --match-set hosts src -j DROP', '-p tcp --syn -j SET --add-set hosts src'],
		proto: 'tcp',
		says: 'later undetermined',
	},
	{name: 'a quota', nft: 'quota over 1 mbytes drop', says: 'request undetermined'},
	{name: 'connections of the moment', nft: 'ct count over 100 drop', says: 'request undetermined'},
	{
		name: 'a helper that is given to a connection',
		sets: 'ct helper ftp { type "ftp" protocol tcp; }',
		nft: 'tcp dport 80 ct helper set "ftp"\naccept',
		proto: 'tcp',
		says: 'passes',
	},
	{name: 'a helper that is asked for', iptables: ['-m helper --helper ftp -j DROP'], says: 'request undetermined'},
	{
		name: 'a SYN proxy of iptables',
		iptables: ['-p tcp --dport 80 --syn -j SYNPROXY --mss 1460'],
		proto: 'tcp',
		says: 'request undetermined',
	},
	{name: 'a SYN proxy of nft', nft: 'tcp dport 80 tcp flags syn synproxy mss 1460 wscale 7', proto: 'tcp', says: 'request undetermined'},
	{
		name: 'quota, connlimit, time, string, u32 that lead to the same end',
		iptables: [
			'-m quota --quota 9999 -j ACCEPT',
			'-m connlimit --connlimit-above 100 -j ACCEPT',
			'-m time --timestart 00:00:00 --timestop 12:00:00 -j ACCEPT',
			'-m string --string x --algo bm --to 65535 -j ACCEPT',
			'-m u32 --u32 0x0&0xff=0x0 -j ACCEPT',
			'-j ACCEPT',
		],
		says: 'passes',
	},
	{name: 'a string', iptables: ['-m string --string x --algo bm --to 65535 -j DROP'], says: 'request undetermined'},
	{name: 'a time', iptables: ['-m time --timestart 00:00:00 --timestop 12:00:00 -j DROP'], says: 'request undetermined'},
	{name: 'u32', iptables: ['-m u32 --u32 0x0&0xff=0x0 -j DROP'], says: 'request undetermined'},
	{name: 'connlimit', iptables: ['-m connlimit --connlimit-above 100 -j DROP'], says: 'request undetermined'},
	{name: 'a quota of iptables', iptables: ['-m quota --quota 9999 -j ACCEPT', '-j DROP'], says: 'request undetermined'},
];

describe('rules of the moment', () => {
	const theBed = withBed();
	let sport = 20_000;

	test.each(cases)('$name: $says', async ({sets = '', nft, iptables = [], proto = 'udp', says}) => {
		const bed = theBed();
		await bed.clear();
		await bed.route({commands: [], sysctls: ['net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0']});
		if (nft !== undefined)
			await must(
				[...bed.enter.host, 'nft', '-f', '-'],
				`table ip t {\n${sets.replaceAll(' }', '\n}')}\nchain f { type filter hook forward priority 0;\n${nft}\n}\n}\n`,
			);
		const rules = iptables.map(rule => `-A FORWARD ${rule}`);
		if (rules.length > 0)
			await must([...bed.enter.host, 'iptables-nft-restore'], ['*filter', ':FORWARD ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n'));
		const sent: Sent[] = [0, 1].map(() => ({from: 'lan', family: 4, proto, dst: '10.98.0.2', dport: 80, sport: sport++}));
		const said: string[] = [];
		await trial(bed, ['host'], sent, noTotals(), 'case', (_one, walk, reached) => {
			const stops = Object.entries(walk.told).find(([, told]) => told.verdict !== 'passes');
			said.push(stops ? `${stops[0]} ${stops[1].verdict}` : 'passes');
			// What is told holds.
			if (walk.answered !== null) expect(reached, stops?.[1].lines.join('\n')).toBe(walk.answered);
		});
		expect(said).toEqual([says, says]);
	});
});
