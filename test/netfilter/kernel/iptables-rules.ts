import type {Choices} from './choices.js';
import {macsOf} from './topology.js';
import {noWords, type Words} from './words.js';

/** Input of iptables-restore (or ip6tables-restore): the built-in tables with rules of many extensions. */
export function iptablesRules(choices: Choices, family: 4 | 6, extra: Words = noWords): string {
	return Object.entries(tables)
		.filter(() => choices.below(4) > 0)
		.map(([table, chains]) => {
			const heads = chains.map(chain => `:${chain} ${table !== 'nat' && choices.chance(12) ? 'DROP' : 'ACCEPT'} [0:0]`);
			const rules = [...chains, 'U1', 'U2'].flatMap(chain =>
				Array.from({length: choices.below(5)}, () => `-A ${chain} ${rule(choices, family, table, chain, extra)}`),
			);
			return [`*${table}`, ...heads, ':U1 - [0:0]', ':U2 - [0:0]', ...rules, 'COMMIT', ''].join('\n');
		})
		.join('');
}

const tables = {
	raw: ['PREROUTING', 'OUTPUT'],
	mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
	filter: ['INPUT', 'FORWARD', 'OUTPUT'],
	nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

function rule(choices: Choices, family: 4 | 6, table: string, chain: string, extra: Words): string {
	const own = chain === 'U1' || chain === 'U2';
	const known = [...commonMatches, ...(family === 4 ? v4Matches : v6Matches), ...extra.matches];
	// Before conntrack, and in another zone, an answer looks like a first packet: of what follows the first answer the owner is not known.
	if (chain === 'OUTPUT' && !extra.early)
		known.push(
			'-m conntrack --ctdir ORIGINAL -m owner --gid-owner 0',
			'-m conntrack --ctdir ORIGINAL -m owner --uid-owner 0',
			'-m conntrack --ctdir ORIGINAL -m owner ! --uid-owner 0',
		);
	if (family === 4 && table === 'raw' && chain === 'PREROUTING') known.push('-m rpfilter', '-m rpfilter --invert', '-m rpfilter --loose');
	if (!own && (chain === 'PREROUTING' || chain === 'INPUT')) known.push('-p tcp --syn -m socket', '-p tcp --syn -m socket --nowildcard');
	if (chain === 'PREROUTING' || chain === 'INPUT')
		known.push('-m devgroup --src-group 0x5', '-m devgroup --src-group 0x5', '-m devgroup ! --src-group 0x5');
	if (chain === 'POSTROUTING' && !extra.early)
		known.push('-m conntrack --ctdir ORIGINAL -m owner ! --uid-owner 1', '-m conntrack --ctdir ORIGINAL -m owner --uid-owner 0');
	if (chain === 'POSTROUTING') known.push('-m devgroup --dst-group 0x5', '-m devgroup ! --dst-group default');
	if (!own && ['PREROUTING', 'INPUT', 'FORWARD'].includes(chain))
		known.push(...['eth0', 'va', 'vb'].flatMap(cable => ['', '! '].map(not => `-m mac ${not}--mac-source ${macsOf(cable)[1]}`)));
	const matches = new Set(choices.some(known, 2));
	if (own || chain === 'PREROUTING' || chain === 'INPUT') for (const match of matches) if (match.includes('-o ')) matches.delete(match);
	if (own || chain === 'POSTROUTING' || chain === 'OUTPUT') for (const match of matches) if (match.includes('-i ')) matches.delete(match);
	const protocol = choices.one(['', '', '-p tcp', '-p udp', '! -p tcp', ...portMatches]);
	const targets = ['-j ACCEPT', '-j RETURN', '', ''];
	if (!own) targets.push('-j U1', '-g U1', '-j U2');
	else if (chain === 'U1') targets.push('-j U2', '-g U2');
	// A drop of everything leaves nothing to look at behind it.
	if (table !== 'nat' && matches.size > 0 && protocol !== '') targets.push('-j DROP');
	if (table === 'raw') targets.push('-j CT --notrack', ...(extra.early ?? []));
	if (table === 'mangle') targets.push(...mangling, ...(family === 4 ? ['-j TTL --ttl-set 40'] : ['-j HL --hl-set 40']));
	if (table === 'filter' && !own && matches.size > 0)
		targets.push('-j REJECT', `-j REJECT --reject-with ${family === 4 ? 'icmp-admin-prohibited' : 'icmp6-adm-prohibited'}`);
	if (table === 'filter' && !own && protocol.startsWith('-p tcp')) targets.push('-j REJECT --reject-with tcp-reset');
	if (table === 'mangle' && chain === 'PREROUTING' && /^-p (tcp|udp)/.test(protocol)) targets.push('-j TPROXY --on-port 50');
	if (table === 'mangle' && (chain === 'FORWARD' || chain === 'POSTROUTING')) targets.push('-j CLASSIFY --set-class 1:1');
	if (table === 'mangle' && protocol === '-p tcp --syn') targets.push('-j TCPMSS --set-mss 1000');
	if (table !== 'nat') targets.push(...extra.verdicts);
	if (table === 'nat') targets.push(...natTargets(family, chain, protocol));
	return [protocol, ...matches, choices.one(targets)].filter(part => part !== '').join(' ');
}

function natTargets(family: 4 | 6, chain: string, protocol: string): string[] {
	const [a, b, own] = family === 4 ? ['10.98.0.2', '10.98.0.3', '10.98.0.1'] : ['fd98::2', '[fd98::3]', 'fd98::1'];
	if (chain === 'PREROUTING' || chain === 'OUTPUT') {
		const withPort = protocol.startsWith('-p tcp') ? [`-j DNAT --to-destination ${b}:81`, '-j REDIRECT --to-ports 8443'] : [];
		return [...withPort, `-j DNAT --to-destination ${a}`, ...(family === 4 ? ['-j NETMAP --to 10.98.0.0/24'] : [])];
	}
	return chain === 'POSTROUTING' ? ['-j MASQUERADE', `-j SNAT --to-source ${own}`] : [];
}

const mangling = [
	'-j MARK --set-xmark 0x1/0x3',
	'-j CONNMARK --save-mark',
	'-j CONNMARK --restore-mark',
	'-j DSCP --set-dscp 8',
	'-j TOS --set-tos 0x20',
	'-j LOG --log-prefix "-j DROP "',
	'-j NFLOG --nflog-prefix x',
	'-j CONNMARK --set-xmark 0x2/0xf',
];

const portMatches = [
	'-p tcp -m tcp --dport 80',
	'-p tcp -m tcp ! --dport 80',
	'-p tcp --syn',
	'-p tcp -m tcp --tcp-flags SYN,ACK ACK',
	'-p tcp -m multiport --dports 80,400:500',
	'-p tcp -m multiport ! --dports 80',
	'-p tcp -m multiport --ports 80,81',
	'-p udp -m udp --dport 80',
	'-p udp -m udp --sport 80',
	'-p sctp -m sctp --dport 80',
	'-p sctp -m multiport --dports 80,443',
];

const commonMatches = [
	'-i eth0',
	'! -i eth0',
	'-i eth+',
	'-i br0',
	'-o br0',
	'! -o br0',
	'-m conntrack --ctstate NEW',
	'-m conntrack --ctstate RELATED,ESTABLISHED',
	'-m conntrack ! --ctstate INVALID',
	'-m conntrack --ctstate DNAT',
	'-m conntrack --ctstate SNAT',
	'-m conntrack --ctorigdstport 80',
	'-m conntrack --ctdir ORIGINAL',
	'-m conntrack --ctstate UNTRACKED',
	'-m conntrack --ctreplsrcport 80',
	'-m conntrack ! --ctorigsrcport 80',
	'-m tos --tos 0x20/0x3f',
	'-m conntrack ! --ctproto 6',
	'-m conntrack --ctstatus SEEN_REPLY',
	'-m addrtype --dst-type LOCAL',
	'-m addrtype ! --dst-type LOCAL',
	'-m addrtype --src-type LOCAL',
	'-m mark --mark 0x1/0x3',
	'-m mark ! --mark 0x0',
	'-m connmark --mark 0x2/0xf',
	'-m connmark ! --mark 0x2',
	'-m dscp --dscp 0x00',
	'-m dscp ! --dscp 0x08',
	'-m pkttype --pkt-type unicast',
	'-m comment --comment "a -j DROP"',
	'-m state --state NEW',
	'-m physdev --physdev-is-bridged',
	'-m physdev --physdev-in va',
	'-m physdev ! --physdev-is-in',
];

const v4Matches = [
	'-s 10.97.0.0/24',
	'! -s 10.97.0.2',
	'-d 10.98.0.2',
	'! -d 10.98.0.0/24',
	'-m conntrack --ctorigdst 10.97.0.1',
	'-m iprange --src-range 10.97.0.1-10.97.0.5',
	'-p tcp --syn -m length --length 60',
	'-m ttl --ttl-lt 64',
	'-m ttl --ttl-eq 63',
	'-m set --match-set hosts dst',
	'-m set ! --match-set hosts dst',
	'-m set --match-set pairs dst,dst',
	'-p icmp -m icmp --icmp-type 8',
	'-p icmp -m icmp ! --icmp-type 0',
	'-p icmp -m icmp --icmp-type 8/0',
	'-p icmp -m icmp --icmp-type any',
	'! -p icmp',
];

const v6Matches = [
	'-s fd97::/64',
	'! -s fd97::2',
	'-d fd98::2',
	'! -d fd98::/64',
	'-m conntrack --ctorigdst fd97::1',
	'-m hl --hl-lt 64',
	'-m hl --hl-eq 63',
	'-p ipv6-icmp -m icmp6 --icmpv6-type 128',
	'-p ipv6-icmp -m icmp6 ! --icmpv6-type 129/0',
	'! -p ipv6-icmp',
];

/** Input of `ipset restore` for the sets that the rules above name. */
export const ipsets = `create hosts hash:net
add hosts 10.98.0.0/24
add hosts 10.98.0.3 nomatch
create pairs hash:ip,port
add pairs 10.98.0.2,tcp:80
add pairs 10.97.0.1,udp:80
`;
