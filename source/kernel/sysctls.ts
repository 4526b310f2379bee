import type {Group, Link} from '../model/index.js';
import {clean} from '../text/clean.js';
import {deviceNames} from './device-names.js';
import type {Netns} from './identity.js';
import {commandOf, readProgram} from './program.js';
import {wholeLines} from './whole-lines.js';

/**
 * The switches that decide about packets, of the whole namespace and of each of its links (Documentation/networking/ip-sysctl
 * in the kernel). One `grep` prints them all with their paths; /proc/sys/net shows the namespace of the process that reads.
 * A file that does not exist (br_netfilter is not loaded, no IPv6) is left out. How many TCP sockets the namespace has comes along, as
 * sockstat.TCP, sockstat.TCP6 and sockstat.tw (those in TIME_WAIT; net/ipv4/proc.c).
 */
export async function readSysctls({enter, pid}: Netns, links: Promise<Group<Link[]>>): Promise<Group<Record<string, string>>> {
	const names = ['all', 'default', ...(deviceNames(pid) ?? (await namesOf(links)))];
	const paths = [...fixed, ...names.flatMap(name => perLink.map(([family, leaf]) => `net/${family}/conf/${name}/${leaf}`))];
	const argv = ['grep', '-Hs', '', ...paths.map(path => `/proc/sys/${path}`), '/proc/net/sockstat', '/proc/net/sockstat6'];
	// grep says 2 where one file was missing, whatever it found in the others.
	const group = await readProgram(enter, argv, parseSysctls, ran => (ran.code === 0 || ran.code === 2 ? ran.stdout : null));
	return group.read ? {...group, source: '/proc/sys/net', command: commandOf(enter, ['sysctl', '-a'])} : group;
}

async function namesOf(links: Promise<Group<Link[]>>): Promise<string[]> {
	const group = await links;
	return group.read ? group.value.map(link => link.name) : [];
}

/** Lines "/proc/sys/net/…:value" as sysctl(8) names them. Throws where a line is none, or nothing was read: IPv4's are always there. */
export function parseSysctls(text: string): Record<string, string> {
	const lines = wholeLines(text);
	if (lines.length === 0) throw new Error('no file of it exists');
	return Object.fromEntries(
		lines.flatMap(line => {
			if (line.startsWith('/proc/net/sockstat')) return socketCounts(line);
			const [, path, value] = /^\/proc\/sys\/([^:]+):(.*)$/.exec(line) ?? [];
			if (path === undefined || value === undefined) throw new Error(`"${clean(line, 80)}" is no sysctl`);
			return [[clean(path.replaceAll('/', '.')), clean(value)]];
		}),
	);
}

/** "…sockstat:TCP: inuse 5 orphan 0 tw 2 alloc 6 mem 1": orphans, alloc and mem count the whole machine's. */
function socketCounts(line: string): [string, string][] {
	const [, proto, open, waiting] = /:(TCP6?): inuse (\d+)(?:.* tw (\d+))?/.exec(line) ?? [];
	if (proto === undefined || open === undefined) return [];
	return [[`sockstat.${proto}`, open], ...(waiting === undefined ? [] : [['sockstat.tw', waiting] as [string, string]])];
}

const fixed = [
	'net/ipv4/ip_forward',
	'net/ipv4/ip_default_ttl',
	'net/ipv4/ip_local_port_range',
	'net/ipv4/ip_local_reserved_ports',
	'net/ipv4/ip_unprivileged_port_start',
	'net/ipv4/ip_nonlocal_bind',
	'net/ipv4/fib_multipath_hash_policy',
	'net/ipv4/fib_multipath_use_neigh',
	'net/ipv4/fwmark_reflect',
	'net/ipv4/tcp_l3mdev_accept',
	'net/ipv4/udp_l3mdev_accept',
	'net/ipv4/tcp_fwmark_accept',
	'net/ipv4/tcp_syncookies',
	'net/ipv4/icmp_echo_ignore_all',
	'net/ipv6/bindv6only',
	'net/ipv6/fib_multipath_hash_policy',
	'net/ipv6/ip_nonlocal_bind',
	'net/bridge/bridge-nf-call-iptables',
	'net/bridge/bridge-nf-call-ip6tables',
	'net/bridge/bridge-nf-call-arptables',
	'net/bridge/bridge-nf-filter-vlan-tagged',
	'net/bridge/bridge-nf-filter-pppoe-tagged',
	'net/bridge/bridge-nf-pass-vlan-input-dev',
	'net/netfilter/nf_conntrack_max',
	'net/netfilter/nf_conntrack_count',
	'net/netfilter/nf_conntrack_tcp_loose',
	'net/netfilter/nf_conntrack_tcp_be_liberal',
	'net/core/somaxconn',
];

const perLink: [family: 'ipv4' | 'ipv6', leaf: string][] = [
	...['rp_filter', 'forwarding', 'route_localnet', 'accept_local', 'src_valid_mark', 'proxy_arp', 'arp_ignore', 'arp_announce'].map(
		(leaf): ['ipv4', string] => ['ipv4', leaf],
	),
	...['arp_filter', 'disable_policy', 'ignore_routes_with_linkdown'].map((leaf): ['ipv4', string] => ['ipv4', leaf]),
	...['forwarding', 'disable_ipv6', 'accept_ra', 'proxy_ndp', 'ignore_routes_with_linkdown'].map((leaf): ['ipv6', string] => [
		'ipv6',
		leaf,
	]),
];
