import {expect, test} from 'vitest';
import {parseRulesets} from '../../source/netfilter/ruleset.js';
import type {WalkPacket} from '../../source/netfilter/types.js';
import {runHook} from '../../source/netfilter/walk.js';
import {dump, hostWith, packet, rulesets} from './dump.js';

/** How one rule of iptables-save meets the packet of a LAN client to 10.99.0.1:8080. */
function met(rule: string, changes: Partial<WalkPacket> = {}): boolean | null | undefined {
	const text = [
		'*filter',
		':INPUT ACCEPT [0:0]',
		':FORWARD ACCEPT [0:0]',
		':OUTPUT ACCEPT [0:0]',
		`-A FORWARD ${rule} -j DROP`,
		'COMMIT',
		'',
	].join('\n');
	const six = changes.family === 6;
	const ipsets = dump('extensions').ipsets;
	const {ruleset} = parseRulesets({...rulesets(six ? {ip6tablesLegacy: text} : {iptablesLegacy: text}), ipsets});
	return runHook(ruleset, 'forward', packet({oif: 'docker0', ...changes}), hostWith(['10.99.0.1'])).steps[0]?.matched;
}

const six = {family: 6, src: 'fd00::2', dst: 'fd00::1'} as const;

test.each<[string, boolean | null, Partial<WalkPacket>?]>([
	['-s 10.99.0.0/24', true],
	['! -s 10.99.0.0/255.255.255.0', false],
	['-s fd00::/8 ! -d fd00::2/128', true, six],
	['-i eth+', true],
	['! -i eth0', false],
	['-o docker+ ! -o docker1', true],
	['-p tcp -m tcp --dport 8000:9000', true],
	['-p tcp -m tcp ! --sport 40000', false],
	['-p udp -m udp --dport 8080', false],
	['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', true],
	['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', false, {tcpFlags: ['syn', 'ack']}],
	['-p tcp -m multiport --dports 80,8000:8100', true],
	['-p tcp -m multiport --ports 40000', true],
	['-p icmp -m icmp --icmp-type 8', true, {proto: 'icmp', icmpType: 8, icmpCode: 0, sport: null, dport: null}],
	['-p icmp -m icmp --icmp-type 3/4', false, {proto: 'icmp', icmpType: 3, icmpCode: 1, sport: null, dport: null}],
	['-p ipv6-icmp -m icmp6 --icmpv6-type 135', true, {...six, proto: 'ipv6-icmp', icmpType: 135, icmpCode: 0, sport: null, dport: null}],
	['-m conntrack --ctstate RELATED,ESTABLISHED', false],
	['-m conntrack --ctstate DNAT', true, {ctNat: {snat: false, dnat: true}}],
	['-m conntrack ! --ctstate INVALID', false, {ctState: 'invalid'}],
	['-m conntrack --ctstate UNTRACKED', true, {ctState: 'untracked'}],
	['-m conntrack ! --ctorigdst 10.0.0.1/32', false, {ctState: 'untracked'}],
	['-m conntrack --ctorigdstport 8080 --ctdir ORIGINAL', true],
	['-m conntrack --ctexpire 1:10', null],
	['-m state --state NEW', true],
	['-m addrtype --dst-type LOCAL', true],
	['-m addrtype ! --dst-type LOCAL', true, {dst: '172.17.0.2'}],
	['-m mark --mark 0x1/0xff', true, {mark: 0x101}],
	['-m connmark ! --mark 0x1', false, {ctState: 'untracked'}],
	['-m iprange --src-range 10.99.0.1-10.99.0.9', true],
	['-m mac --mac-source 02:00:00:00:00:02', true],
	['-m mac --mac-source 02:00:00:00:00:02', null, {smac: null}],
	['-m physdev --physdev-is-bridged', false],
	['-m physdev --physdev-in veth+', true, {physIn: 'veth1', physOut: null}],
	['-m owner --uid-owner 0', false],
	['-m ttl --ttl-lt 64', false],
	['-m hl --hl-eq 64', true, six],
	['-m length --length 0:100', true],
	['-m length --length 0:100', null, {length: null}],
	['-m dscp --dscp 0x2e', true, {dscp: 46}],
	['-m tos --tos 0xb8/0xff', true, {dscp: 46}],
	['-m pkttype --pkt-type broadcast', false],
	['-m set --match-set foo dst,dst', false],
	['-m set --match-set foo dst,dst', true, {dst: '1.1.1.1', dport: 80}],
	['-m set --match-set l dst,dst', true, {dst: '1.1.1.1', dport: 80}],
	['-m set --match-set n src,src', false, {src: '10.1.1.1'}],
	['-m set --match-set n src,src --return-nomatch', true, {src: '10.1.1.1'}],
	['-m set --match-set bp dst', true, {dport: 80}],
	['-m set --match-set hnn dst,dst,src', true, {proto: 'udp', dst: '1.1.1.1', dport: 54, src: '10.1.1.1'}],
	['-m set --match-set bi dst', true, {dst: '10.0.0.5'}],
	// Its only entry had timed out when the dump was made.
	['-m set --match-set hn src', false, {...six, src: 'fd00::7'}],
	['-m set --match-set hn src', false],
	['-m set ! --match-set nowhere src', null],
	['-m set --match-set foo dst', false, {dst: '1.1.1.1', dport: 80}],
	['-m rpfilter --invert', false],
	['-m socket', false],
	['-m socket', null, {tcpFlags: ['ack'], ctState: 'established'}],
	['-m devgroup --src-group default', true],
	['-m devgroup ! --src-group 0x5/0xf', true],
	['-m devgroup --dst-group 0x5', false],
	['-m comment --comment "-p udp ! -j"', true],
	['-m comment --comment "a \\"quoted\\" word"', true],
	['-m rt --rt-type 0 --rt-segsleft 0', false, six],
	['-m recent --set --name x --mask 255.255.255.255 --rsource', true],
	['-m recent --update --seconds 30 --hitcount 6 --name x', null],
	['-m statistic --mode random --probability 0.5', null],
	['-m string --string "GET -j ACCEPT" --algo bm', null],
	['-m string --string "GET" --algo bm -p udp', false],
	['-p esp -m esp --espspi 1', false],
	['-p tcp -m tcpmss --mss 1:500', null],
	['-p tcp -m tcp --dport 8080', null, {dport: null}],
])('%s: %s', (rule, expected, changes) => {
	expect(met(rule, changes)).toBe(expected);
});
