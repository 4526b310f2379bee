import type {CauseId} from '../../model/index.js';
import type {Entry} from './entry.js';

/** Causes that a rule or a switch of the kernel is. */
export const firewallCauses = {
	dropped: {
		title: 'a firewall rule drops it',
		about: 'A rule throws the packet away without an answer: the client waits until its time is up.',
		more: [],
		see: [
			['iptables-save -c', 'the rule, and its counter as it rises with every try'],
			['nft list ruleset', 'the same for tables of nftables'],
		],
		todo: [
			"Accept the request before that rule. Rules of your own about containers belong into DOCKER-USER, which is met before the engine's.",
		],
	},
	'policy-drop': {
		title: 'the policy of the chain drops it',
		about: 'No rule of the chain decided, and what is left over is dropped by its policy, without an answer.',
		more: [
			'The engine sets the policy of FORWARD to DROP and accepts its own networks by rules: where those rules are gone, everything is dropped.',
		],
		see: [['iptables -nvL FORWARD --line-numbers', 'policy and counter in the first line']],
		todo: ['Add a rule that accepts the request; if the rules of the engine were flushed, restart it (systemctl restart docker).'],
	},
	rejected: {
		title: 'a firewall rule refuses it',
		about: 'A rule answers with an ICMP error or a reset: the client fails at once.',
		more: [
			'"icmp-port-unreachable" and "tcp-reset" look like "connection refused" to the client, "host-prohibited" like "no route to host".',
		],
		see: [['iptables-save -c', 'the rule (REJECT), and its counter']],
		todo: ['Accept the request before that rule.'],
	},
	'dropped-or-rejected': {
		title: 'firewall rules drop it or refuse it',
		about:
			'The request does not pass on any way through the rules, but whether it is dropped in silence or refused with an error cannot be told.',
		more: [
			'Either a rule without a fixed answer (a limit, a queue) stands before two others, or two chains of equal priority both stop the request and which of them comes first is not known.',
		],
		see: [['iptables-save -c', 'the rules, and whose counter moves when you ask']],
		todo: ['Accept the request before each of those rules.'],
	},
	'forwarding-off': {
		title: 'forwarding is switched off',
		about:
			'The kernel does not pass packets from one interface to another: net.ipv4.ip_forward (or the IPv6 switch, or that of the interface) is 0.',
		more: ['The engine switches it on when it starts; something has switched it off again.'],
		see: [['sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding', '1 is on']],
		todo: ['`sysctl -w net.ipv4.ip_forward=1`, and look in /etc/sysctl.d for what sets it to 0.'],
	},
	'rp-filter': {
		title: 'the reverse-path filter drops it',
		about: 'The answer to this source would leave by another interface than the packet came in by, and rp_filter drops such packets.',
		more: [],
		see: [
			['sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.LINK.rp_filter', 'the greater of both counts: 1 strict, 2 loose'],
			['nstat -az TcpExtIPReversePathFilter', 'how many it dropped'],
		],
		todo: ['Correct the route back to the source, or make the filter loose (2) on that interface.'],
	},
	martian: {
		title: 'the address is impossible there',
		about:
			'The kernel takes this source or destination for impossible on the interface (127.0.0.0/8 from outside, one of its own addresses as a source) and drops the packet.',
		more: [],
		see: [['sysctl net.ipv4.conf.LINK.route_localnet', '1 lets 127.0.0.0/8 be routed there']],
		todo: ['Ask by another address; or find out who uses the same address twice.'],
	},
	'answer-not-translated': {
		title: 'the answer keeps the wrong address',
		about:
			'The answer leaves with an address that the client did not ask, because the rewriting of the request is not undone on its way: the client does not take it for an answer.',
		more: [
			'Usually the answer goes straight back instead of through the host that rewrote the request (both ends on one network), or the connection is not tracked (NOTRACK).',
			'With UDP: docker-proxy before engine 28 answers from the address of the link that leads to the client, which need not be the one that was asked.',
		],
		see: [
			['conntrack -L', 'the connection with both directions'],
			['iptables-save -t raw', 'rules that keep packets out of the connection table (NOTRACK, CT --notrack)'],
		],
		todo: ['Ask the container by its own name and port, or let the host rewrite the source, too (hairpin masquerading, br_netfilter).'],
	},
	'ttl-exceeded': {
		title: 'its time to live runs out',
		about: 'Every router takes one off the TTL, and the packet is dropped where it reaches 0.',
		more: [],
		see: [['iptables-save -t mangle', 'a rule that sets a small TTL']],
		todo: ['Look for a loop, or a rule that lowers the TTL.'],
	},
} as const satisfies Partial<Record<CauseId, Entry>>;
