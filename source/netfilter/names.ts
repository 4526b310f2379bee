import {remembered} from '../address/remembered.js';

/** The number of an IP protocol by the name that iptables-save and nft print (IANA protocol numbers, as in /etc/protocols); null where unknown. */
export function protocolNumber(name: string | number): number | null {
	return typeof name === 'number' ? name : numberNamed(name);
}

const numberNamed = remembered((name: string): number | null =>
	/^\d+$/.test(name) ? Number(name) : (protocols[name.toLowerCase()] ?? null),
);

const protocols: Record<string, number> = {
	icmp: 1,
	igmp: 2,
	ipencap: 4,
	ipip: 4,
	tcp: 6,
	udp: 17,
	dccp: 33,
	ipv6: 41,
	'ipv6-route': 43,
	'ipv6-frag': 44,
	rsvp: 46,
	gre: 47,
	esp: 50,
	ah: 51,
	'ipv6-icmp': 58,
	icmpv6: 58,
	icmp6: 58,
	'ipv6-nonxt': 59,
	'ipv6-opts': 60,
	ospf: 89,
	ospfigp: 89,
	pim: 103,
	comp: 108,
	ipcomp: 108,
	vrrp: 112,
	l2tp: 115,
	sctp: 132,
	mh: 135,
	'mobility-header': 135,
	udplite: 136,
};

/** Whether packets of this protocol have a source and a destination port. One that is not known may. */
export function hasPorts(protocol: number | null): boolean {
	return protocol === null || withPorts.has(protocol);
}

/** tcp, udp, dccp, sctp, udplite. */
const withPorts = new Set([6, 17, 33, 132, 136]);

/** The answer to an ICMP (or ICMPv6) question, by their types (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c); null: no question. */
export function icmpAnswerTo(family: 4 | 6, type: number): number | null {
	return (family === 4 ? icmpQuestions : icmpv6Questions)[type] ?? null;
}

const icmpQuestions: Record<number, number> = {8: 0, 13: 14, 15: 16, 17: 18};
const icmpv6Questions: Record<number, number> = {128: 129, 139: 140};

/** Bits of `ct state` as the kernel numbers them (NF_CT_STATE_*). */
export const ctStateBits: Record<string, number> = {invalid: 1, established: 2, related: 4, new: 8, untracked: 64};

/** Bits of `ct status` (IPS_*, uapi/linux/netfilter/nf_conntrack_common.h). */
export const ctStatusBits: Record<string, number> = {
	expected: 1,
	'seen-reply': 2,
	assured: 4,
	confirmed: 8,
	snat: 16,
	dnat: 32,
	dying: 512,
};

export const tcpFlagBits: Record<string, number> = {fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128};

/** Codes of destination-unreachable as nft names them. */
export const icmpCodes: Record<string, number> = {
	'net-unreachable': 0,
	'host-unreachable': 1,
	'prot-unreachable': 2,
	'port-unreachable': 3,
	'frag-needed': 4,
	'net-prohibited': 9,
	'host-prohibited': 10,
	'admin-prohibited': 13,
};

export const icmpv6Codes: Record<string, number> = {
	'no-route': 0,
	'admin-prohibited': 1,
	'addr-unreachable': 3,
	'port-unreachable': 4,
	'policy-fail': 5,
	'reject-route': 6,
};

/** ICMP types as nft names them. */
export const icmpTypes: Record<string, number> = {
	'echo-reply': 0,
	'destination-unreachable': 3,
	'source-quench': 4,
	redirect: 5,
	'echo-request': 8,
	'router-advertisement': 9,
	'router-solicitation': 10,
	'time-exceeded': 11,
	'parameter-problem': 12,
	'timestamp-request': 13,
	'timestamp-reply': 14,
	'info-request': 15,
	'info-reply': 16,
	'address-mask-request': 17,
	'address-mask-reply': 18,
};

export const icmpv6Types: Record<string, number> = {
	'destination-unreachable': 1,
	'packet-too-big': 2,
	'time-exceeded': 3,
	'parameter-problem': 4,
	'echo-request': 128,
	'echo-reply': 129,
	'mld-listener-query': 130,
	'mld-listener-report': 131,
	'mld-listener-done': 132,
	'mld-listener-reduction': 132,
	'nd-router-solicit': 133,
	'nd-router-advert': 134,
	'nd-neighbor-solicit': 135,
	'nd-neighbor-advert': 136,
	'nd-redirect': 137,
	'router-renumbering': 138,
	'ind-neighbor-solicit': 141,
	'ind-neighbor-advert': 142,
	'mld2-listener-report': 143,
};

/** DSCP classes as nft names them (RFC 2474, 2597, 3246). */
export const dscpNames: Record<string, number> = {
	cs0: 0,
	cs1: 8,
	cs2: 16,
	cs3: 24,
	cs4: 32,
	cs5: 40,
	cs6: 48,
	cs7: 56,
	df: 0,
	be: 0,
	lephb: 1,
	af11: 10,
	af12: 12,
	af13: 14,
	af21: 18,
	af22: 20,
	af23: 22,
	af31: 26,
	af32: 28,
	af33: 30,
	af41: 34,
	af42: 36,
	af43: 38,
	va: 44,
	ef: 46,
};

export const etherTypes: Record<string, number> = {ip: 0x0800, arp: 0x0806, vlan: 0x8100, ip6: 0x86dd, '8021q': 0x8100, '8021ad': 0x88a8};
