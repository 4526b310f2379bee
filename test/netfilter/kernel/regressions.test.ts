import {describe, expect, test} from 'vitest';
import {noTotals} from './compare.js';
import {must} from './namespaces.js';
import type {Sent} from './packets.js';
import type {PlaceName} from './topology.js';
import {trial} from './trial.js';
import {withBed} from './with-bed.js';

/** What the walk and the kernel once disagreed about, each with as little as shows it. */
interface Case {
	name: string;
	rules?: Partial<Record<PlaceName, string>>;
	/** Rules of iptables, in its table mangle. */
	xt?: Partial<Record<PlaceName, string[]>>;
	commands?: string[];
	sysctls?: string[];
	sent: Omit<Sent, 'sport' | 'family'>[];
}

const bridged = ['net.bridge.bridge-nf-call-iptables=1', 'net.bridge.bridge-nf-call-ip6tables=1'];
const tcp = (from: PlaceName, dst: string, dport = 80) => ({from, proto: 'tcp' as const, dst, dport});
const udp = (from: PlaceName, dst: string, dport = 80) => ({from, proto: 'udp' as const, dst, dport});

/** Shows which of a bridge's hooks a frame meets. */
const bridgeTable = `table bridge t {
	chain p { type filter hook prerouting priority 10; counter\n }
	chain i { type filter hook input priority 10; counter\n }
	chain f { type filter hook forward priority 10; counter\n }
}`;

const cases: Case[] = [
	{
		name: 'a frame whose destination is rewritten goes up to the host where the bridge does not forward',
		rules: {host: `${bridgeTable}\ntable ip t { chain p { type nat hook prerouting priority -100; dnat to 10.98.0.2\n } }`},
		sysctls: [...bridged, 'net.ipv4.conf.br0.forwarding=0'],
		sent: [tcp('b', '10.95.0.2'), udp('b', '10.98.0.1')],
	},
	{
		name: 'and across the bridge where it does',
		rules: {host: `${bridgeTable}\ntable ip t { chain p { type nat hook prerouting priority -100; dnat to 10.98.0.2\n } }`},
		sysctls: bridged,
		sent: [tcp('b', '10.95.0.2'), udp('b', '10.98.0.1')],
	},
	{
		name: 'a frame that would leave by its own port does not come to FORWARD',
		rules: {
			host: `${bridgeTable}\ntable inet t { chain p { type nat hook prerouting priority -100; dnat ip6 to fd98::3\n }
				chain f { type filter hook forward priority 0; drop\n } }`,
		},
		sysctls: bridged,
		sent: [tcp('b', 'fd98::1')],
	},
	{
		name: 'without an entry a SYN-ACK is invalid, and an ACK begins one',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority -300; tcp flags syn notrack\n }
				chain n { type nat hook output priority -100; counter\n }
				chain f { type filter hook forward priority 0; ct state vmap { invalid : drop, new : continue }\n counter\n } }`,
		},
		sent: [tcp('lan', '10.98.0.2'), tcp('lan', '10.97.0.1')],
	},
	{
		name: 'an answer that is not tracked leaves the connection where it was',
		rules: {
			host: `table ip t { chain o { type filter hook output priority -300; tcp flags & (syn|ack) == (syn|ack) notrack\n }
				chain i { type nat hook input priority 100; counter\n }
				chain j { type filter hook input priority 0; ct state invalid counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1')],
	},
	{
		name: 'the source address is known when the way is chosen',
		commands: ['route add default via 10.96.0.2 table 100', 'rule add from 10.98.0.0/24 lookup 100 pref 102'],
		rules: {host: 'table ip t { chain p { type filter hook postrouting priority 0; oifname "eth1" counter\n } }'},
		sent: [tcp('host', '10.98.0.2')],
	},
	{
		name: 'the way back is looked for as if it came in where the packet leaves',
		commands: ['route add default via 10.97.0.2 table 101', 'rule add iif lo lookup 101 pref 108'],
		sysctls: ['net.ipv4.conf.all.rp_filter=1'],
		sent: [udp('a', '10.95.0.2'), tcp('lan', '10.98.0.2')],
	},
	{
		name: 'a route back that refuses is none: rp_filter 0 lets it pass',
		commands: ['route add unreachable 10.95.0.2/32', 'rule add fwmark 9 lookup 100 pref 100'],
		sent: [tcp('c', '10.98.0.3')],
	},
	{
		name: 'a mark leads elsewhere only where the chain is of type route',
		commands: ['rule add fwmark 1 unreachable pref 101'],
		rules: {
			host: `table ip t { chain o { type filter hook output priority 0; udp dport 80 meta mark set 1\n }
				chain r { type route hook output priority 1; tcp dport 81 meta mark set 1\n }
				chain l { type filter hook output priority 2; counter\n } }`,
		},
		sent: [udp('host', '10.98.0.2'), tcp('host', '10.98.0.2', 81)],
	},
	{
		name: 'a destination without a way ends in OUTPUT itself',
		commands: ['route add blackhole 10.98.0.3/32', '-6 route add blackhole fd98::3/128'],
		rules: {
			host: `table inet t { chain n { type nat hook output priority -100; dnat ip to 10.98.0.3\n dnat ip6 to fd98::3\n }
				chain l { type filter hook output priority 0; counter\n } }`,
		},
		sent: [tcp('host', '10.95.0.2'), tcp('host', 'fd95::2')],
	},
	{
		name: 'over lo the entry comes along, and raw chains see it',
		rules: {
			host: 'table ip t { chain p { type filter hook prerouting priority -300; ct state new counter\n ct state invalid counter\n } }',
		},
		sent: [tcp('host', '127.0.0.1'), udp('host', '10.97.0.1')],
	},
	{
		name: 'what comes round over lo passes rpfilter',
		rules: {host: 'table ip t { chain p { type filter hook prerouting priority -300; fib saddr . iif oif missing counter\n } }'},
		sent: [tcp('host', '127.0.0.1'), tcp('lan', '10.97.0.1')],
	},
	{
		name: 'in a table of inet, what is for the other family alone',
		rules: {
			host: `table inet t { chain i { type filter hook input priority 0; meta nfproto ipv6 reject\n }
				chain p { type nat hook prerouting priority -100; dnat ip to 10.98.0.2\n dnat ip6 to tcp dport map { 81 : fd98::2 }\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), tcp('lan', 'fd97::1'), udp('lan', 'fd97::1', 81)],
	},
	{
		name: 'from ::1 nothing comes in anywhere but on lo',
		rules: {
			host: 'table ip6 t { chain o { type nat hook output priority -100; dnat to fd98::2\n } }',
			a: 'table ip6 t { chain p { type filter hook prerouting priority 0; counter\n } }',
		},
		sent: [tcp('host', '::1')],
	},
	{
		name: 'both ports asked for in one comparison',
		rules: {host: 'table ip t { chain p { type filter hook prerouting priority 0; th sport 80 @th,16,16 80 counter\n } }'},
		sent: [tcp('lan', '10.98.0.2'), tcp('a', '10.97.0.2')],
	},
	{
		name: 'a frame of the host itself has its link header on the bridge',
		rules: {host: 'table bridge t { chain o { type filter hook output priority -300; ether type ip6 drop\n } }'},
		sent: [tcp('host', 'fd98::2'), tcp('host', '10.98.0.2')],
	},
	{
		name: 'br_netfilter shows no incoming link in POSTROUTING, and no bridge port where it is off',
		rules: {host: 'table ip t { chain p { type filter hook postrouting priority 0; iifname "br0" counter\n iifname != "br0" counter\n } }'},
		sysctls: bridged,
		sent: [tcp('a', '10.98.0.3'), tcp('lan', '10.98.0.3')],
	},
	{
		name: 'an answer has a DSCP of its own',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority 0; ip dscp set cs1\n }
				chain o { type filter hook output priority 0; ip dscp cs1 counter\n ip dscp cs0 counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1')],
	},
	{
		name: 'the handshake passes and what follows does not, one way or the other',
		rules: {
			host: `table ip t { chain f { type filter hook forward priority 0; tcp dport 81 tcp flags & (syn|ack) == ack drop
				tcp sport 80 tcp flags & (syn|ack) == ack drop\n } }`,
		},
		sent: [tcp('lan', '10.98.0.2', 81), tcp('lan', '10.98.0.2', 80)],
	},
	{
		name: 'packets that follow are sent elsewhere than the first',
		rules: {
			host: `table ip t { chain r { type filter hook output priority -300; tcp flags syn notrack\n }
				chain n { type nat hook output priority -100; dnat to 10.98.0.3\n } }`,
		},
		sent: [tcp('host', '10.98.0.2')],
	},
	{
		name: 'a reset is for TCP alone, also where nft does not print that the rule asks for it',
		rules: {host: 'table ip t { chain i { type filter hook input priority 0; meta l4proto tcp reject with tcp reset\n counter\n } }'},
		sent: [udp('lan', '10.97.0.1'), tcp('lan', '10.97.0.1'), {from: 'lan', proto: 'icmp', dst: '10.97.0.1', dport: 0}],
	},
	{
		name: 'a zone undoes a notrack before it in nft, and tells nothing but a state before conntrack',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority -300; tcp dport 80 notrack\n ct zone set 5\n ct zone != 0 counter\n
				ct state new counter\n ct direction original counter\n ct mark 0 counter\n }
				chain i { type filter hook input priority 0; ct state untracked counter\n ct zone 5 counter\n ct original zone 5 counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), udp('lan', '10.97.0.1')],
	},
	{
		name: 'an answer in another zone is not translated back',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority -300; iifname "eth0" ct zone set 5\n }
				chain n { type nat hook prerouting priority -100; ip daddr 10.97.0.1 dnat to 10.98.0.2\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), udp('lan', '10.97.0.1'), udp('lan', '10.98.0.2')],
	},
	{
		name: 'a zone of one direction finds the answer in the default zone',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority -300; iifname "eth0" ct original zone set 5\n }
				chain n { type nat hook prerouting priority -100; ip daddr 10.97.0.1 dnat to 10.98.0.2\n }
				chain f { type filter hook forward priority 0; ct zone 5 counter\n ct reply zone 5 counter\n ct reply zone 0 counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), udp('lan', '10.97.0.1'), tcp('a', '10.97.0.2')],
	},
	{
		name: 'an echo under address translation, one way and the other',
		rules: {
			host: `table ip t { chain p { type nat hook prerouting priority -100; ip daddr 10.97.0.1 dnat to 10.98.0.2\n }
				chain q { type nat hook postrouting priority 100; ip saddr 10.98.0.0/24 masquerade\n }
				chain f { type filter hook forward priority 0; icmp id != 0 counter\n } }`,
		},
		sent: [
			{from: 'lan', proto: 'icmp', dst: '10.97.0.1', dport: 0},
			{from: 'a', proto: 'icmp', dst: '10.97.0.2', dport: 0},
			{from: 'host', proto: 'icmp', dst: '127.0.0.1', dport: 0},
		],
	},
	{
		name: 'an answer to an echo that is not tracked begins no connection',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority -300; icmp type echo-request notrack\n }
				chain f { type filter hook forward priority 0; ct state invalid counter\n ct state new counter\n ct state untracked counter\n } }`,
		},
		sent: [{from: 'lan', proto: 'icmp', dst: '10.98.0.2', dport: 0}],
	},
	{
		name: 'an echo is answered with its own DSCP, and goes by it',
		commands: ['rule add tos 0x20 blackhole pref 107'],
		sent: [
			{from: 'lan', proto: 'icmp', dst: '10.98.0.2', dport: 0, tos: 0x20},
			{from: 'a', proto: 'icmp', dst: '10.98.0.1', dport: 0, tos: 0x20},
		],
	},
	{
		name: 'the socket of a packet on its way out is its sender, and not one that listens',
		rules: {
			host: `table ip t { chain i { type filter hook input priority 0; tcp flags syn socket wildcard 1 counter\n tcp flags syn socket wildcard 0 counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), tcp('lan', '10.97.0.1', 9999)],
	},
	{
		name: 'where nobody listens, tproxy leaves the rule',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority -150; meta l4proto tcp tproxy to :50 drop\n meta l4proto { tcp, udp } tproxy to 127.0.0.1:50 drop\n counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), udp('lan', '10.98.0.2'), {from: 'lan', proto: 'icmp', dst: '10.97.0.1', dport: 0}],
	},
	{
		name: 'of a concatenation, what is known may be enough: ICMP has a checksum where ports are',
		rules: {
			host: `table ip t { chain p { type filter hook prerouting priority 0; meta l4proto . th dport vmap { tcp . 80-100 : accept, udp . 443 : drop }\n
				meta l4proto . th dport { udp . 80, sctp . 1-1000 } counter\n
				icmp type echo-request meta l4proto . th dport vmap { tcp . 80-100 : accept, udp . 443 : drop }\n counter\n } }`,
		},
		sent: [
			{from: 'lan', proto: 'icmp', dst: '10.97.0.1', dport: 0},
			udp('lan', '10.97.0.1'),
			{from: 'lan', proto: 'sctp', dst: '10.97.0.1', dport: 80},
		],
	},
	{
		name: 'fib finds no way out to an address of its own',
		rules: {
			b: 'table inet t { chain o { type nat hook postrouting priority 100; snat ip to 10.98.0.1\n snat ip6 to fd98::1\n } }',
			host: `table inet t { chain p { type filter hook prerouting priority 0; fib saddr . iif oif exists counter\n fib saddr . iif oif missing counter\n
				fib daddr . iif oif exists counter\n } }`,
		},
		sent: [tcp('b', '10.97.0.1'), tcp('b', 'fd97::1'), tcp('lan', '10.97.0.1')],
	},
	{
		name: 'ports of a tuple in a set, which nft prints without a type',
		rules: {
			host: 'table ip t { chain f { type filter hook forward priority 0; meta l4proto udp ct reply proto-src { 80, 81 } counter\n } }',
		},
		sent: [udp('lan', '10.98.0.2'), udp('lan', '10.98.0.2', 443)],
	},
	{
		name: 'the TTL runs out before FORWARD where a packet is routed, and never where it is bridged',
		rules: {host: 'table ip t { chain f { type filter hook forward priority 0; counter\n } }'},
		sysctls: bridged,
		sent: [
			{...udp('lan', '10.98.0.2'), ttl: 1},
			{...udp('b', '10.98.0.2'), ttl: 1},
			{...udp('lan', '10.97.0.1'), ttl: 1},
		],
	},
	{
		name: 'a frame whose destination is rewritten and whose source is refused comes to no other chain of the bridge',
		rules: {
			c: 'table ip t { chain o { type nat hook postrouting priority 100; snat to 10.98.0.1\n } }',
			host: `table bridge t { chain p { type filter hook prerouting priority 200; counter\n } }
				table inet t { chain p { type nat hook prerouting priority -100; tcp dport 80 dnat ip to 10.98.0.3\n dnat ip6 to fdee::3\n } }`,
		},
		commands: ['-6 route add unreachable fdee::3/128'],
		sysctls: bridged,
		sent: [tcp('c', '10.97.0.2'), tcp('c', 'fd97::2'), udp('c', '10.97.0.2')],
	},
	{
		name: 'an answer that is looked up in another zone, but found in the default one, is an answer',
		rules: {
			host: `table ip t { chain o { type filter hook output priority -300; tcp flags & (syn|ack) == (syn|ack) ct original zone set 7\n }
				chain i { type filter hook input priority 0; ct state vmap { invalid : drop, new : continue }\n ct zone 7 counter\n counter\n } }`,
		},
		sent: [tcp('lan', '10.97.0.1'), tcp('c', '10.95.0.1')],
	},
	{
		name: "what the kernel sends itself is nobody's, and what is forwarded as well",
		rules: {
			a: 'table inet t { chain o { type filter hook output priority 0; meta skuid 0 counter\n meta skuid != 0 counter\n } }',
		},
		xt: {
			a: [
				'OUTPUT -m owner --uid-owner 0',
				'OUTPUT -m owner ! --uid-owner 0',
				'OUTPUT -m owner ! --gid-owner 7',
				'OUTPUT -m owner ! --socket-exists',
			],
			host: ['POSTROUTING -m owner --uid-owner 0', 'POSTROUTING -m owner ! --uid-owner 0', 'POSTROUTING -m owner ! --gid-owner 7'],
		},
		sent: [
			{from: 'lan', proto: 'icmp', dst: '10.98.0.2', dport: 0},
			{from: 'host', proto: 'icmp', dst: '10.98.0.2', dport: 0},
		],
	},
	{
		name: 'at a device, on its way in and out',
		rules: {
			host: `table netdev t { chain i { type filter hook ingress device eth0 priority 0; tcp dport 81 drop\n counter\n }
				chain e { type filter hook egress device va priority 0; udp dport 80 drop\n counter\n } }`,
		},
		sent: [tcp('lan', '10.98.0.2', 81), udp('lan', '10.98.0.2'), udp('b', '10.98.0.2'), tcp('host', '10.98.0.2')],
	},
];

describe('once disagreed about', () => {
	const theBed = withBed();
	let sport = 20_000;

	test.each(cases)('$name', async ({rules = {}, xt = {}, commands = [], sysctls = [], sent}) => {
		const bed = theBed();
		await bed.clear();
		await bed.route({commands, sysctls: [...usual, ...sysctls]});
		const ruled = [...new Set([...Object.keys(rules), ...Object.keys(xt)] as PlaceName[])];
		for (const place of ruled) {
			await must([...bed.enter[place], 'nft', '-f', '-'], `${rules[place]?.replaceAll(' }', '\n}') ?? ''}\n`);
			const lines = xt[place]?.map(rule => `-A ${rule}`) ?? [];
			if (lines.length > 0) await must([...bed.enter[place], 'iptables-nft-restore'], ['*mangle', ...lines, 'COMMIT', ''].join('\n'));
		}
		const totals = noTotals();
		const requests = sent.map(one => ({...one, family: one.dst.includes(':') ? (6 as const) : (4 as const), sport: sport++}));
		await trial(bed, ruled.includes('host') ? ruled : ['host', ...ruled], requests, totals, 'case');
		expect(totals.packets).toBe(sent.length);
		expect(totals.undetermined).toBe(0);
	});
});

const usual = [
	'net.ipv4.ip_forward=1',
	'net.ipv6.conf.all.forwarding=1',
	'net.ipv4.conf.all.rp_filter=0',
	'net.bridge.bridge-nf-call-iptables=0',
	'net.bridge.bridge-nf-call-ip6tables=0',
];
