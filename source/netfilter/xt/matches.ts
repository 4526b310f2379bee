import {condition, noFixedAnswer, notUnderstood} from '../condition.js';
import type {Match} from '../model.js';
import {conntrackMatches} from './conntrack.js';
import type {XtContext} from './context.js';
import {fieldMatches, pkttypeMatches} from './fields.js';
import {headerMatch} from './header.js';
import {
	addrtypeMatches,
	devgroupMatches,
	iprangeMatches,
	macMatches,
	ownerMatches,
	physdevMatches,
	rpfilterMatches,
	socketMatches,
} from './origin.js';
import {icmpMatches, multiportMatches, transportMatches} from './ports.js';
import {setMatches} from './set.js';
import {type Group, groupWords} from './tokens.js';

/** The matches of one module as iptables-save prints it. A module that is not known gives one match that cannot be told. */
export function matchesOf(group: Group, context: XtContext): Match[] {
	const family = modules[group.module];
	if (family) return family(group, context);
	const moment = moments[group.module];
	return [moment === undefined ? notUnderstood(groupWords(group)) : noFixedAnswer(groupWords(group), moment)];
}

type Module = (group: Group, context: XtContext) => Match[];

const modules: Record<string, Module> = {
	'': group => group.options.map(headerMatch),
	tcp: transportMatches,
	udp: transportMatches,
	udplite: transportMatches,
	sctp: transportMatches,
	dccp: transportMatches,
	multiport: multiportMatches,
	icmp: icmpMatches,
	icmp6: icmpMatches,
	conntrack: conntrackMatches,
	state: conntrackMatches,
	addrtype: addrtypeMatches,
	iprange: iprangeMatches,
	mac: macMatches,
	physdev: physdevMatches,
	owner: ownerMatches,
	devgroup: devgroupMatches,
	rpfilter: rpfilterMatches,
	socket: socketMatches,
	set: setMatches,
	mark: fieldMatches,
	connmark: fieldMatches,
	length: fieldMatches,
	ttl: fieldMatches,
	hl: fieldMatches,
	dscp: fieldMatches,
	tos: fieldMatches,
	pkttype: pkttypeMatches,
	comment: () => [],
	esp: group => [ofProtocol(group, 50)],
	ah: group => [ofProtocol(group, 51)],
	// A walked packet has no extension headers (ip6tables' rt, frag, hbh, dst).
	rt: group => [noSuchHeader(group)],
	frag: group => [noSuchHeader(group)],
	hbh: group => [noSuchHeader(group)],
	dst: group => [noSuchHeader(group)],
	mh: group => [ofProtocol(group, 135)],
	recent: group =>
		group.options.some(option => option.name === '--set' && !option.negated)
			? []
			: [noFixedAnswer(groupWords(group), 'depends on packets seen before')],
	tcpmss: group => [ofProtocol(group, 6)],
};

/** A question about the inside of one protocol: no for all others, unknown for its own. */
function ofProtocol(group: Group, protocol: number): Match {
	const words = groupWords(group);
	return condition({words, test: frame => (frame.protocol === protocol ? null : false), has: frame => `is ${frame.packet.proto}`});
}

function noSuchHeader(group: Group): Match {
	return condition({words: groupWords(group), test: () => false, has: () => 'has no such header'});
}

/** Modules whose answer is not in the packet: why. */
const moments: Record<string, string> = {
	limit: 'matches only so often',
	hashlimit: 'matches only so often',
	statistic: 'matches some packets only',
	connlimit: 'depends on the connections of the moment',
	connbytes: 'depends on what the connection has carried',
	quota: 'matches until a quota is used up',
	quota2: 'matches until a quota is used up',
	time: 'depends on the time',
	cpu: 'depends on the CPU that handles the packet',
	cluster: 'depends on a hash of the source',
	condition: 'depends on a switch in /proc',
	nfacct: 'depends on an accounting quota',
	rateest: 'depends on a measured rate',
	string: 'looks into the data',
	u32: 'looks into the raw packet',
	bpf: 'runs a program on the packet',
	osf: 'guesses the operating system of the sender',
	helper: 'depends on a helper of the connection',
	cgroup: 'depends on the cgroup of the sending process',
	policy: 'depends on IPsec policies',
};
