import type {Explained, Told} from './explained.js';

/** What rules and routes have to be made of, and how many packets met each kind in a run: by words of the rules that matched, and by hops. */
export class Coverage {
	readonly #counts = new Map<string, number>();

	/** Of one request, agreed with the kernel. */
	add(walk: Explained): void {
		for (const told of Object.values(walk.told))
			for (const kind of kindsOf(told)) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
	}

	/** Kinds that no packet met. */
	missing(): string[] {
		return allKinds.filter(kind => !this.#counts.has(kind));
	}

	/** It has a table of its own. */
	toJSON(): undefined {
		return undefined;
	}

	/** "conntrack 120, multiport 31, …", a line for each group. */
	table(): string {
		return Object.entries(groups)
			.map(
				([group, kinds]) =>
					`${group}: ${Object.keys(kinds)
						.map(kind => `${kind} ${this.#counts.get(`${group} ${kind}`) ?? 0}`)
						.join(', ')}`,
			)
			.join('\n');
	}
}

function* kindsOf(told: Told): Iterable<string> {
	const met = Object.values(told.in).flatMap(place => place.met.filter(({certain}) => certain));
	for (const [group, kinds] of Object.entries(groups)) {
		for (const [kind, words] of Object.entries(kinds)) {
			const sources =
				group === 'hops'
					? told.lines.filter(line => line.startsWith('== '))
					: met.filter(one => isOf(group, one.backend)).map(one => `${one.name} ${one.hook} | ${one.text}`);
			if (sources.some(source => words.test(source))) yield `${group} ${kind}`;
		}
	}
	for (const {hook, family} of met) {
		const chains = new Set(
			met.filter(one => one.hook === hook && one.family === family).map(({name}) => name.split(' ').slice(0, 3).join(' ')),
		);
		if (chains.size > 2) yield 'rules several chains on one hook';
	}
}

function isOf(group: string, backend: string): boolean {
	return group === 'rules' || (group === 'iptables') === backend.startsWith('iptables');
}

const groups: Record<string, Record<string, RegExp>> = {
	iptables: {
		'-i': / -i eth0/,
		'! -i': /! -i/,
		'-i +': /-i eth\+/,
		'-o': / -o /,
		'! -o': /! -o /,
		'-s': / -s /,
		'! -s': /! -s /,
		'-d': / -d /,
		'! -d': /! -d /,
		'-p': /(?<!! )-p tcp/,
		'! -p': /! -p /,
		tcp: /-m tcp --[sd]port/,
		'tcp flags': /--tcp-flags|--syn/,
		udp: /-m udp /,
		sctp: /-m sctp /,
		multiport: /-m multiport/,
		icmp: /-m icmp /,
		icmp6: /-m icmp6 /,
		addrtype: /-m addrtype/,
		ctstate: /--ctstate|--state/,
		ctorig: /--ctorig/,
		ctrepl: /--ctrepl/,
		ctstatus: /--ctstatus/,
		ctdir: /--ctdir/,
		ctproto: /--ctproto/,
		mark: /-m mark/,
		connmark: /-m connmark/,
		set: /-m set --match-set|-m set ! --match-set/,
		owner: /-m owner/,
		comment: /-m comment/,
		physdev: /-m physdev/,
		socket: /-m socket/,
		mac: /-m mac/,
		rpfilter: /-m rpfilter/,
		devgroup: /-m devgroup/,
		iprange: /-m iprange/,
		length: /-m length/,
		ttl: /-m ttl/,
		hl: /-m hl/,
		dscp: /-m dscp/,
		tos: /-m tos/,
		pkttype: /-m pkttype/,
		ACCEPT: /-j ACCEPT/,
		DROP: /-j DROP/,
		REJECT: /-j REJECT/,
		'REJECT tcp-reset': /tcp-reset/,
		RETURN: /-j RETURN/,
		goto: / -g /,
		DNAT: /-j DNAT/,
		SNAT: /-j SNAT/,
		MASQUERADE: /-j MASQUERADE/,
		REDIRECT: /-j REDIRECT/,
		NETMAP: /-j NETMAP/,
		MARK: /-j MARK/,
		CONNMARK: /-j CONNMARK/,
		LOG: /-j LOG/,
		NFLOG: /-j NFLOG/,
		TPROXY: /-j TPROXY/,
		NOTRACK: /-j CT --notrack/,
		'CT zone': /-j CT --zone/,
		'CT zone of the mark': /-j CT --zone(-orig)? mark/,
		TTL: /-j TTL/,
		HL: /-j HL/,
		DSCP: /-j DSCP/,
		TOS: /-j TOS/,
		TCPMSS: /-j TCPMSS/,
	},
	nft: {
		iifname: /iifname "/,
		oifname: /oifname /,
		wildcard: /"br\*"/,
		iif: /\biif "/,
		iifgroup: /iifgroup/,
		oifgroup: /oifgroup/,
		iifkind: /iifkind/,
		saddr: /ip6? saddr/,
		daddr: /ip6? daddr/,
		'bitwise and': / & /,
		range: /10\.97\.0\.1-/,
		set: /\{ /,
		'named set': /@hosts/,
		'concatenation with intervals': /@pairs/,
		'named map of verdicts': /vmap @ways/,
		'vmap, concatenation and intervals': /vmap @both|th dport vmap/,
		map: /tcp dport map/,
		'ct state': /ct state/,
		'ct state vmap': /ct state vmap/,
		'ct status': /ct status/,
		'ct direction': /ct direction/,
		'ct mark': /ct mark (0x|!=)/,
		'ct original': /ct original/,
		'ct reply': /ct reply/,
		'ct zone': /ct zone (!=|\d)/,
		'ct zone set': /zone set/,
		mark: /meta mark (0x|!=|&|\{)/,
		'mark set': /meta mark set/,
		'ct mark set': /ct mark set/,
		l4proto: /meta l4proto/,
		nfproto: /nfproto/,
		'tcp flags': /tcp flags/,
		icmp: /icmp type/,
		icmpv6: /icmpv6 type/,
		'ether saddr': /ether saddr/,
		'icmp id': /icmp id|icmpv6 id/,
		sctp: /sctp dport/,
		udp: /udp dport/,
		th: /th [sd]port/,
		'fib type': /fib daddr type|fib saddr type/,
		'fib of the link': /fib daddr \. iif/,
		'fib oif': /fib saddr \. iif/,
		skuid: /skuid/,
		pkttype: /pkttype/,
		ttl: /ip ttl [<\d]/,
		hoplimit: /hoplimit [<\d]/,
		dscp: /dscp cs/,
		'dscp set': /dscp set/,
		'ttl set': /ttl set|hoplimit set/,
		'socket wildcard': /socket wildcard/,
		'named counter': /\bcounter named|counter$|counter /,
		log: /log prefix/,
		'add to a set': /add @seen/,
		notrack: /notrack/,
		accept: /accept/,
		drop: /drop/,
		return: /return/,
		jump: /jump/,
		goto: /goto/,
		reject: /reject/,
		'reject with tcp reset': /tcp reset/,
		dnat: /dnat/,
		'dnat by map': /dnat.* map/,
		snat: /snat/,
		masquerade: /masquerade/,
		redirect: /redirect/,
	},
	rules: {
		ip: /^ip /,
		ip6: /^ip6 /,
		inet: /^inet /,
		bridge: /^bridge /,
		'netdev ingress': /^netdev .* ingress \|/,
		'netdev egress': /^netdev .* egress \|/,
		prerouting: / prerouting \|/,
		input: / input \|/,
		forward: / forward \|/,
		output: / output \|/,
		postrouting: / postrouting \|/,
		'several chains on one hook': /^never$/,
	},
	hops: {
		'another table': /route table 10[01]/,
		'no route': /blocks .*no route|no route leads/,
		blackhole: /blackhole/,
		unreachable: /unreachable/,
		prohibit: /prohibit/,
		'forwarding off': /forwarding is off/,
		martian: /martian/,
		'reverse path': /rp_filter|would leave by|leads back/,
		'TTL exceeded': /TTL blocks/,
		'isolated ports': /isolated from each other/,
		'no hairpin': /hairpin is off/,
		'policy drop': /blocks dropped by .* policy/,
		'local table': /10\.99\.9\.9 is its own address/,
	},
};

const allKinds = Object.entries(groups).flatMap(([group, kinds]) => Object.keys(kinds).map(kind => `${group} ${kind}`));
