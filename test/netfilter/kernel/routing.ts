import type {Choices} from './choices.js';

/** Random routing of the host: commands of ip(8) that make it, and sysctl(8) arguments. */
export interface Routing {
	commands: string[];
	sysctls: string[];
}

export function routing(choices: Choices): Routing {
	const few = <T>(list: readonly T[], times: number) => list.filter(() => choices.chance(times));
	return {
		commands: [...few(routes, 8), ...few(rules, 10), ...few(ports, 6)],
		sysctls: [
			`net.ipv4.conf.all.rp_filter=${choices.one([0, 0, 0, 1, 2])}`,
			`net.ipv4.conf.eth0.rp_filter=${choices.one([0, 0, 1, 2])}`,
			`net.ipv4.ip_forward=${choices.chance(12) ? 0 : 1}`,
			`net.ipv6.conf.all.forwarding=${choices.chance(12) ? 0 : 1}`,
			...few(['net.ipv4.conf.eth0.forwarding=0', 'net.ipv4.conf.br0.forwarding=0'], 15),
			`net.ipv4.conf.br0.route_localnet=${choices.below(2)}`,
			`net.ipv4.conf.eth0.route_localnet=${choices.chance(4) ? 1 : 0}`,
			`net.bridge.bridge-nf-call-iptables=${choices.below(2)}`,
			`net.bridge.bridge-nf-call-ip6tables=${choices.below(2)}`,
			`net.ipv4.conf.eth0.src_valid_mark=${choices.below(2)}`,
		],
	};
}

const routes = [
	'route add blackhole 10.98.0.3/32',
	'route add unreachable 10.95.0.2/32',
	'route add prohibit 10.96.0.0/25',
	'route add 10.95.0.2/32 via 10.96.0.2',
	'route add 10.97.0.2/32 dev eth1',
	'route add default via 10.96.0.2 table 100',
	'route add default via 10.97.0.2 table 101',
	'route add local 10.99.9.9/32 dev lo',
	'-6 route add blackhole fd98::3/128',
	'-6 route add unreachable fd95::2/128',
	'-6 route add default via fd96::2 table 100',
];

const rules = [
	'rule add fwmark 1 lookup 100 pref 100',
	'rule add fwmark 1/1 unreachable pref 101',
	'rule add from 10.98.0.0/24 lookup 100 pref 102',
	'rule add to 10.97.0.0/24 lookup 101 pref 103',
	'rule add iif br0 lookup 101 pref 104',
	'rule add ipproto tcp dport 443 prohibit pref 105',
	'rule add not from 10.97.0.0/24 lookup main suppress_prefixlength 0 pref 106',
	'rule add tos 0x20 blackhole pref 107',
	'rule add iif lo lookup 101 pref 108',
	'-6 rule add fwmark 1 lookup 100 pref 100',
	'-6 rule add iif br0 to fd97::/64 blackhole pref 101',
];

/** Switches of bridge ports. */
const ports = [
	'link set va type bridge_slave hairpin on',
	'link set va type bridge_slave isolated on',
	'link set vb type bridge_slave isolated on',
];

/** Commands that take all of it back. Each may fail: not all of them were made. */
export const undo = [
	...[...routes.filter(route => !route.includes(' table ')), ...rules].map(command => command.replace(/\badd\b/, 'del')),
	...ports.map(command => command.replace(/ on$/, ' off')),
	'route flush table 100',
	'route flush table 101',
	'-6 route flush table 100',
];
