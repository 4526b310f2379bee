/** A seeded source of choices (mulberry32): the same seed gives the same rules. */
export class Choices {
	#state: number;
	constructor(seed: number) {
		this.#state = seed >>> 0;
	}
	below(limit: number): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
	}
	one<T>(list: readonly T[]): T {
		return list[this.below(list.length)] as T;
	}
	some<T>(list: readonly T[], most: number): T[] {
		return Array.from({length: this.below(most + 1)}, () => this.one(list));
	}
}

export interface Sent {
	from: 'client' | 'host';
	proto: 'tcp' | 'udp';
	dst: string;
	dport: number;
	sport: number;
}

export function packets(choices: Choices, count: number, firstPort: number): Sent[] {
	return Array.from({length: count}, (_, i) => ({
		from: choices.below(4) === 0 ? ('host' as const) : ('client' as const),
		proto: choices.one(['tcp', 'tcp', 'udp'] as const),
		dst: choices.one(['10.97.0.1', '10.98.0.1', '10.98.0.2', '10.98.0.3']),
		dport: choices.one([80, 443, 8080, 53]),
		sport: firstPort + i,
	}));
}

/** Input of `nft -f`: native tables with chains at all hooks, some at equal priorities. */
export function nftRules(choices: Choices): string {
	return Array.from({length: 1 + choices.below(3)}, (_, i) => nftTable(choices, choices.one(['ip', 'inet']), `t${i}`)).join('\n');
}

function nftTable(choices: Choices, family: string, name: string): string {
	const subs = ['s1', 's2'];
	const chains = [
		...subs.map((sub, i) => `chain ${sub} {\n${nftBody(choices, 'sub', subs.slice(i + 1), 3)}\n}`),
		...Array.from({length: 2 + choices.below(4)}, (_, i) => {
			const hook = choices.one(hooks);
			const policy = choices.below(5) === 0 ? 'drop' : 'accept';
			const head = `type filter hook ${hook} priority ${choices.one([-310, -250, -150, -90, 0, 0, 10, 150])}; policy ${policy};`;
			return `chain c${i} {\n${head}\n${nftBody(choices, hook, subs, 6)}\n}`;
		}),
		...Array.from({length: choices.below(3)}, (_, i) => {
			const hook = choices.one(['prerouting', 'output', 'postrouting', 'input'] as const);
			const nats = hook === 'prerouting' || hook === 'output' ? dnats(family) : snats(family, hook);
			const rules = Array.from({length: 1 + choices.below(3)}, () => `${choices.some(nftMatches, 2).join(' ')} ${choices.one(nats)}`);
			return `chain n${i} {\ntype nat hook ${hook} priority ${choices.one([-100, 0, 100])}; policy accept;\n${rules.join('\n')}\n}`;
		}),
	];
	const sets = [
		'set hosts { type ipv4_addr; flags interval; elements = { 10.98.0.2, 10.97.0.0/30 } }',
		'set seen { type inet_service; flags dynamic; size 100; }',
		'set pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.98.0.0/24 . 1-100, 10.97.0.1 . 443 } }',
		'map ways { type inet_service : verdict; elements = { 80 : jump s2, 53 : accept, 443 : continue } }',
	];
	return `table ${family} ${name} {\n${[...sets, ...chains].join('\n')}\n}`;
}

function nftBody(choices: Choices, hook: string, subs: string[], most: number): string {
	const verdicts = ['accept', 'drop', 'return', 'continue', '', '', 'counter', ...subs.flatMap(sub => [`jump ${sub}`, `goto ${sub}`])];
	if (['input', 'forward', 'output'].includes(hook)) verdicts.push('reject', 'reject with icmp type host-prohibited');
	const rules = Array.from({length: 1 + choices.below(most)}, () => {
		const parts = [...choices.some(nftMatches, 2), ...choices.some(nftStatements, 1), choices.one(verdicts)];
		const text = parts.filter(part => part !== '').join(' ');
		return text === '' ? 'counter' : text;
	});
	return rules.join('\n');
}

const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;

const nftMatches = [
	'ip saddr 10.97.0.0/24',
	'ip saddr != 10.97.0.2',
	'ip daddr 10.98.0.2',
	'ip daddr { 10.98.0.2, 10.97.0.1 }',
	'ip daddr @hosts',
	'ip daddr != @hosts',
	'tcp dport 80',
	'tcp dport != 80',
	'udp dport { 53, 443 }',
	'meta l4proto { tcp, udp } th dport 1-1000',
	'iifname "eth0"',
	'iifname != "eth0"',
	'oifname "down*"',
	'oifname != "down0"',
	'ct state new',
	'ct state established,related',
	'ct state != new',
	'ct state invalid',
	'ct direction original',
	'ct status dnat',
	'ct status snat',
	'ct original ip daddr 10.97.0.1',
	'meta mark 1',
	'meta mark & 3 == 1',
	'meta mark != 0',
	'ct mark 2',
	'ct mark != 2',
	'ip ttl < 64',
	'ip ttl 63',
	'ip length > 50',
	'meta length 60',
	'meta l4proto tcp',
	'ip protocol udp',
	'tcp flags syn',
	'tcp flags & (syn|ack) == syn',
	'tcp flags & (syn|ack) == ack',
	'fib daddr type local',
	'fib daddr type != local',
	'fib saddr type unicast',
	'ip daddr . tcp dport @pairs',
	'ip saddr . tcp dport { 10.97.0.2 . 80, 10.97.0.0/24 . 400-500 }',
	'ip dscp cs0',
	'ip dscp cs1',
	'meta nfproto ipv4',
	'meta pkttype host',
	'ip daddr & 255.255.255.0 == 10.98.0.0',
	'tcp dport vmap @ways',
	'tcp dport vmap { 80 : accept, 443 : drop }',
	'ct state vmap { new : continue, invalid : drop }',
	'iif "eth0"',
	'meta l4proto 17',
	'meta l4proto { tcp, udp } th sport @seen',
	'meta skuid 0',
	'meta skuid != 0',
	'@th,16,16 80',
	'ip saddr 10.97.0.1-10.97.0.5',
	'meta mark { 1, 3 }',
	'tcp sport 40000-60000',
];

const nftStatements = [
	'meta mark set 1',
	'meta mark set meta mark or 2',
	'ct mark set 2',
	'meta mark set ct mark',
	'ip dscp set cs1',
	'ip ttl set 33',
	'counter',
	'add @seen { th sport }',
	'notrack',
	'ct mark set meta mark',
];

function dnats(family: string): string[] {
	const to = family === 'inet' ? 'dnat ip to' : 'dnat to';
	return [
		`${to} 10.98.0.2`,
		`tcp dport 80 ${to} 10.98.0.3:81`,
		'tcp dport 443 redirect to :8443',
		'redirect',
		'accept',
		'counter',
		`${to} tcp dport map { 80 : 10.98.0.2, 8080 : 10.98.0.3 }`,
		`ip daddr 10.98.0.0/24 ${to} 10.98.0.3`,
	];
}

function snats(family: string, hook: string): string[] {
	const to = family === 'inet' ? 'snat ip to' : 'snat to';
	return [
		`${to} 10.98.0.1`,
		`tcp dport 80 ${to} 10.98.0.1:1234`,
		'accept',
		'counter',
		...(hook === 'postrouting' ? ['masquerade', 'ip saddr 10.97.0.0/24 masquerade'] : []),
	];
}

/** Input of iptables-restore: the built-in tables with rules of many extensions. */
export function iptablesRules(choices: Choices): string {
	const tables = {
		raw: ['PREROUTING', 'OUTPUT'],
		mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
		filter: ['INPUT', 'FORWARD', 'OUTPUT'],
		nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
	};
	return Object.entries(tables)
		.filter(() => choices.below(4) > 0)
		.map(([table, chains]) => {
			const heads = chains.map(chain => `:${chain} ${table !== 'nat' && choices.below(6) === 0 ? 'DROP' : 'ACCEPT'} [0:0]`);
			const rules = [...chains, 'U1', 'U2'].flatMap(chain =>
				Array.from({length: choices.below(5)}, () => `-A ${chain} ${iptablesRule(choices, table, chain)}`),
			);
			return [`*${table}`, ...heads, ':U1 - [0:0]', ':U2 - [0:0]', ...rules, 'COMMIT', ''].join('\n');
		})
		.join('');
}

function iptablesRule(choices: Choices, table: string, chain: string): string {
	const matches = new Set(choices.some(iptablesMatches, 2));
	if (chain === 'PREROUTING' || chain === 'INPUT' || chain === 'U1' || chain === 'U2')
		for (const match of matches) if (match.includes('-o ')) matches.delete(match);
	if (chain === 'POSTROUTING' || chain === 'OUTPUT' || chain === 'U1' || chain === 'U2')
		for (const match of matches) if (match.includes('-i ')) matches.delete(match);
	const protocol = choices.one(['', '', '-p tcp', '-p udp', '! -p tcp', ...tcpMatches]);
	const targets = ['-j ACCEPT', '-j RETURN', ''];
	if (chain !== 'U1' && chain !== 'U2') targets.push('-j U1', '-g U1', '-j U2');
	else if (chain === 'U1') targets.push('-j U2', '-g U2');
	if (table !== 'nat') targets.push('-j DROP');
	if (table === 'raw') targets.push('-j CT --notrack');
	if (table === 'mangle')
		targets.push(
			'-j MARK --set-xmark 0x1/0x3',
			'-j CONNMARK --save-mark',
			'-j CONNMARK --restore-mark',
			'-j TTL --ttl-set 40',
			'-j DSCP --set-dscp 8',
			'-j CONNMARK --set-xmark 0x2/0xf',
		);
	if (table === 'filter' && chain !== 'U1' && chain !== 'U2') targets.push('-j REJECT');
	if (table === 'nat' && (chain === 'PREROUTING' || chain === 'OUTPUT')) {
		if (protocol.startsWith('-p tcp')) targets.push('-j DNAT --to-destination 10.98.0.3:81', '-j REDIRECT --to-ports 8443');
		targets.push('-j DNAT --to-destination 10.98.0.2', '-j NETMAP --to 10.98.0.0/24');
	}
	if (table === 'nat' && chain === 'POSTROUTING') targets.push('-j MASQUERADE', '-j SNAT --to-source 10.98.0.1');
	return [protocol, ...matches, choices.one(targets)].filter(part => part !== '').join(' ');
}

const tcpMatches = [
	'-p tcp -m tcp --dport 80',
	'-p tcp -m tcp ! --dport 80',
	'-p tcp --syn',
	'-p tcp -m multiport --dports 80,400:500',
	'-p tcp -m multiport ! --dports 80',
	'-p udp -m udp --dport 53',
];

const iptablesMatches = [
	'-s 10.97.0.0/24',
	'! -s 10.97.0.2',
	'-d 10.98.0.2',
	'! -d 10.98.0.0/24',
	'-i eth0',
	'! -i eth0',
	'-i eth+',
	'-o down0',
	'! -o down0',
	'-m conntrack --ctstate NEW',
	'-m conntrack --ctstate RELATED,ESTABLISHED',
	'-m conntrack ! --ctstate INVALID',
	'-m conntrack --ctstate DNAT',
	'-m conntrack --ctorigdst 10.97.0.1',
	'-m conntrack --ctorigdstport 80',
	'-m conntrack --ctdir ORIGINAL',
	'-m conntrack ! --ctproto 6',
	'-m addrtype --dst-type LOCAL',
	'-m addrtype ! --dst-type LOCAL',
	'-m mark --mark 0x1/0x3',
	'-m mark ! --mark 0x0',
	'-m connmark --mark 0x2/0xf',
	'-m connmark ! --mark 0x2',
	'-m iprange --src-range 10.97.0.1-10.97.0.5',
	'-m length --length 60',
	'-m ttl --ttl-lt 64',
	'-m ttl --ttl-eq 63',
	'-m dscp --dscp 0x00',
	'-m dscp ! --dscp 0x08',
	'-m pkttype --pkt-type unicast',
	'-m comment --comment "a -j DROP"',
	'-m state --state NEW',
	'-m set --match-set hosts dst',
	'-m set ! --match-set hosts dst',
	'-m set --match-set pairs dst,dst',
];

/** Input of `ipset restore` for the sets that the rules above name. */
export const ipsets = `create hosts hash:net
add hosts 10.98.0.0/24
add hosts 10.98.0.3 nomatch
create pairs hash:ip,port
add pairs 10.98.0.2,tcp:80
add pairs 10.97.0.1,udp:53
`;
