import {macsOf} from './topology.js';

/** Conditions, statements and translations that random rules of native nft are put together from. */
type Family = 'ip' | 'ip6' | 'inet';
export type NatHook = 'prerouting' | 'input' | 'output' | 'postrouting';

export function ipMatches(family: Family, hook: string): string[] {
	const list = [...common];
	if (family !== 'ip6') list.push(...v4);
	if (family !== 'ip') list.push(...v6);
	if (family === 'inet') list.push('meta nfproto ipv4', 'meta nfproto ipv6');
	// Of the sending socket, which only a packet on its way out has for certain; an answer may leave before its process has taken the socket.
	if (hook === 'output') list.push('ct direction original meta skuid 0', 'ct direction original meta skuid != 0');
	if (hook === 'prerouting' || hook === 'input' || hook === 'forward')
		list.push(
			`ether saddr ${macsOf('eth0')[1]}`,
			`ether saddr != ${macsOf('va')[1]}`,
			`ether saddr { ${macsOf('va')[1]}, ${macsOf('vc')[1]} }`,
		);
	if (hook === 'prerouting' || hook === 'input') list.push('tcp flags & (syn|ack) == syn socket wildcard 1');
	if (hook === 'prerouting') list.push('fib saddr . iif oif exists', 'fib saddr . iif oif missing');
	return list;
}

export function statements(family: Family): string[] {
	const list = [
		'meta mark set 1',
		'meta mark set meta mark or 2',
		'ct mark set 2',
		'meta mark set ct mark',
		'counter',
		'notrack',
		'ct mark set meta mark',
		'log prefix "t accept "',
		'counter name "named"',
		'meta mark set tcp dport map { 80 : 1, 443 : 2 }',
		'ct mark set ct mark or 1',
		'meta priority set 1:1',
	];
	if (family === 'ip') list.push('ip dscp set cs1', 'ip ttl set 33', 'ip ttl set 1', 'add @seen { ip saddr }');
	if (family === 'ip6') list.push('ip6 dscp set cs1', 'ip6 hoplimit set 33');
	return list;
}

export function sets(family: Family): string[] {
	const six = family === 'ip6';
	const type = six ? 'ipv6_addr' : 'ipv4_addr';
	return [
		`set hosts { type ${type}; flags interval; elements = { ${six ? 'fd98::2, fd97::/126' : '10.98.0.2, 10.97.0.0/30'} } }`,
		`set pairs { type ${type} . inet_service; flags interval; elements = { ${six ? 'fd98::/64 . 1-100, fd97::1 . 443' : '10.98.0.0/24 . 1-100, 10.97.0.1 . 443'} } }`,
		`map both { type ${type} . inet_service : verdict; flags interval; elements = { ${six ? 'fd98::/64 . 80 : jump s2, fd97::1 . 1-500 : accept' : '10.98.0.0/24 . 80 : jump s2, 10.97.0.1 . 1-500 : accept'} } }`,
		`set seen { type ${type}; flags dynamic; size 100; }`,
		'counter named { }',
		'map ways { type inet_service : verdict; elements = { 80 : jump s2, 8443 : accept, 443 : continue } }',
	];
}

export function nats(family: Family, hook: NatHook): string[] {
	const [lan, a, b] = family === 'ip6' ? ['[fd97::2]', '[fd98::2]', '[fd98::3]'] : ['10.97.0.2', '10.98.0.2', '10.98.0.3'];
	const bare = (address: string) => address.replace(/[[\]]/g, '');
	if (hook === 'prerouting' || hook === 'output') {
		const to = family === 'inet' ? 'dnat ip to' : 'dnat to';
		return [
			`${to} ${bare(a)}`,
			`tcp dport 80 ${to} ${b}:81`,
			`meta l4proto { tcp, udp } ${to} ${a}:80`,
			'tcp dport 443 redirect to :8443',
			'redirect',
			'accept',
			'counter',
			`${to} tcp dport map { 80 : ${bare(a)}, 8080 : ${bare(b)} }`,
			`${to} ${bare(lan)}`,
			...(family === 'inet' ? ['dnat ip6 to fd98::2', 'tcp dport 80 dnat ip6 to [fd98::3]:81'] : []),
		];
	}
	const to = family === 'inet' ? 'snat ip to' : 'snat to';
	const own = family === 'ip6' ? ['fd98::1', '[fd98::1]:20000-40000'] : ['10.98.0.1', '10.98.0.1:20000-40000'];
	return [
		`${to} ${own[0]}`,
		`tcp dport 80 ${to} ${own[1]}`,
		'accept',
		'counter',
		...(hook === 'postrouting' ? ['masquerade', 'oifname "br0" masquerade', 'meta l4proto tcp masquerade to :20000-50000'] : []),
	];
}

const common = [
	'tcp dport 80',
	'tcp dport != 80',
	'udp dport { 80, 443 }',
	'meta l4proto { tcp, udp } th dport 1-1000',
	'iifname "eth0"',
	'iifname != "eth0"',
	'iifname { "eth0", "br0" }',
	'oifname "br*"',
	'oifname != "br0"',
	'ct state new',
	'ct state established,related',
	'ct state != new',
	'ct state invalid',
	'ct direction original',
	'ct direction reply',
	'ct status dnat',
	'ct status snat',
	'ct state untracked',
	'meta l4proto tcp ct original proto-dst 80',
	'meta l4proto udp ct reply proto-src { 80, 81 }',
	'ct zone 5',
	'ct zone != 0',
	'iifgroup 5',
	'oifgroup != default',
	'meta iifkind "bridge"',
	'meta l4proto . th dport vmap { tcp . 80-100 : jump s2, udp . 443 : accept }',
	'iifname . meta l4proto { "eth0" . tcp, "br0" . udp }',
	'fib daddr . iif type local',
	'tcp flags syn meta length 60',
	'ct mark 2',
	'ct mark != 2',
	'meta mark 1',
	'meta mark & 3 == 1',
	'meta mark != 0',
	'meta mark { 1, 3 }',
	'meta l4proto tcp',
	'meta l4proto 17',
	'tcp flags syn',
	'tcp flags & (syn|ack) == syn',
	'tcp flags & (syn|ack) == ack',
	'tcp flags != syn',
	'fib daddr type local',
	'fib daddr type != local',
	'fib saddr type local',
	'tcp dport vmap @ways',
	'tcp dport vmap { 80 : accept, 443 : drop }',
	'ct state vmap { new : continue, invalid : drop }',
	'iif "eth0"',
	'meta pkttype host',
	'meta l4proto { tcp, udp } @th,16,16 80',
	'tcp sport 20000-40000',
	'th sport 80',
	'sctp dport 80',
	'meta l4proto { icmp, ipv6-icmp }',
	'meta l4proto != sctp',
];

const v4 = [
	'ip saddr 10.97.0.0/24',
	'ip saddr != 10.97.0.2',
	'ip daddr 10.98.0.2',
	'ip daddr { 10.98.0.2, 10.97.0.1 }',
	'ip daddr & 255.255.255.0 == 10.98.0.0',
	'ip saddr 10.97.0.1-10.97.0.5',
	'ct original ip daddr 10.97.0.1',
	'ip ttl < 64',
	'ip ttl 63',
	'ip protocol udp',
	'ip dscp cs0',
	'ip dscp cs1',
	'tcp flags syn ip length 60',
	'ip saddr . tcp dport { 10.97.0.2 . 80, 10.97.0.0/24 . 400-500 }',
	'ip daddr @hosts',
	'ip daddr != @hosts',
	'ip daddr . tcp dport @pairs',
	'ip daddr . tcp dport vmap @both',
	'ct reply ip saddr 10.98.0.2',
	'icmp type echo-request',
	'icmp type != echo-reply',
	'icmp type { echo-reply, destination-unreachable }',
	'icmp type . icmp code { echo-request . 0 }',
	'icmp id 1-30000',
];

const v6 = [
	'ip6 saddr fd97::/64',
	'ip6 saddr != fd97::2',
	'ip6 daddr fd98::2',
	'ip6 daddr { fd98::2, fd97::1 }',
	'ip6 hoplimit < 64',
	'ip6 hoplimit 63',
	'ip6 nexthdr udp',
	'ip6 dscp cs1',
	'ct original ip6 daddr fd97::1',
	'ip6 daddr @hosts',
	'ip6 daddr . tcp dport @pairs',
	'ip6 daddr . tcp dport vmap @both',
	'ct reply ip6 saddr fd98::2',
	'icmpv6 type echo-request',
	'icmpv6 type { echo-reply, nd-neighbor-solicit }',
	'icmpv6 id != 1-30000',
];
