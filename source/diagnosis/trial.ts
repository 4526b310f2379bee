import type {NetnsFacts, Rulesets, Snapshot} from '../model/index.js';
import {routeText} from '../netfilter/routing.js';
import {containersOf} from './inventory.js';

/**
 * The snapshot as it would be after a command, so that a remedy can be walked before it is offered; null where what the command does is not known
 * here. Known: one rule put into a chain of iptables, sysctl -w, ip route del, each also under `nsenter -t PID -n`.
 */
export function afterCommand(snapshot: Snapshot, command: string): Snapshot | null {
	if (/['"#&|;…]/.test(command)) return null;
	const words = command.split(' ');
	const pid = words[0] === 'nsenter' && words[1] === '-t' && words[3] === '-n' ? Number(words[2]) : null;
	const argv = pid === null ? words : words.slice(4);
	if (pid === null) {
		const host = afterwards(snapshot.host, argv);
		return host && {...snapshot, host};
	}
	const id = containersOf(snapshot).find(one => one.pid === pid)?.id;
	const facts = id === undefined ? undefined : snapshot.containers[id];
	const netns = facts ? afterwards(facts.netns, argv) : null;
	return id === undefined || !facts || !netns ? null : {...snapshot, containers: {...snapshot.containers, [id]: {...facts, netns}}};
}

function afterwards(facts: NetnsFacts, [program = '', ...rest]: string[]): NetnsFacts | null {
	const dump = dumps[program];
	if (dump) return withRule(facts, dump, rest);
	if (program === 'sysctl' && rest[0] === '-w') return withSysctls(facts, rest.slice(1));
	const [verb, ...route] = rest.filter(word => word !== '-6' && word !== 'route');
	return program === 'ip' && rest.includes('route') && verb === 'del' ? withoutRoute(facts, route.join(' ')) : null;
}

const dumps: Record<string, keyof Rulesets> = {
	iptables: 'iptables',
	ip6tables: 'ip6tables',
	'iptables-legacy': 'iptablesLegacy',
	'ip6tables-legacy': 'ip6tablesLegacy',
};

/** "-t TABLE -I CHAIN NUMBER …" or "-A CHAIN …" in the text that iptables-save printed. */
function withRule(facts: NetnsFacts, key: keyof Rulesets, argv: string[]): NetnsFacts | null {
	const group = facts.rulesets[key];
	const [flag, table, verb, chain, ...rest] = argv;
	if (!group.read || flag !== '-t' || (verb !== '-I' && verb !== '-A')) return null;
	const number = verb === '-I' ? Number(rest[0]) : null;
	const typed = rest.slice(number === null ? 0 : 1).join(' ');
	// As iptables-save prints it: the extension that a port belongs to is named.
	const rule = `[0:0] -A ${chain} ${typed.replace(/-p (tcp|udp|sctp) (?=--[sd]port )/, '-p $1 -m $1 ')}`;
	const lines = group.value.split('\n');
	const start = lines.indexOf(`*${table}`);
	const end = lines.indexOf('COMMIT', start);
	if (start < 0 || end < 0) return null;
	const own = lines.flatMap((line, index) => (index > start && index < end && line.includes(` -A ${chain} `) ? [index] : []));
	const at = number === null ? end : own[number - 1];
	if (at === undefined) return null;
	const value = [...lines.slice(0, at), rule, ...lines.slice(at)].join('\n');
	const nft = key === 'iptables' || key === 'ip6tables' ? nftWithRule(facts.rulesets.nft, key, {table, chain, number}) : facts.rulesets.nft;
	return {...facts, rulesets: {...facts.rulesets, [key]: {...group, value}, nft}};
}

interface Placed {
	table: string | undefined;
	chain: string | undefined;
	number: number | null;
}

/** The same rule in nft's own list, which has to hold as many as iptables-save printed; what it does stands there. */
function nftWithRule(group: Rulesets['nft'], key: 'iptables' | 'ip6tables', {table, chain, number}: Placed): Rulesets['nft'] {
	if (!group.read) return group;
	const family = key === 'iptables' ? 'ip' : 'ip6';
	const dump: {nftables?: {rule?: {family: string; table: string; chain: string}}[]} = JSON.parse(group.value);
	const entries = dump.nftables ?? [];
	const own = entries.flatMap(({rule}, index) => (rule?.family === family && rule.table === table && rule.chain === chain ? [index] : []));
	const at = number === null ? entries.length : own[number - 1];
	if (at === undefined) return group;
	const added = {rule: {family, table, chain, handle: 0, expr: []}};
	return {...group, value: JSON.stringify({...dump, nftables: [...entries.slice(0, at), added, ...entries.slice(at)]})};
}

function withSysctls(facts: NetnsFacts, settings: string[]): NetnsFacts | null {
	if (!facts.sysctls.read) return null;
	let {value} = facts.sysctls;
	for (const setting of settings) {
		const [name = '', to = ''] = setting.split('=', 2);
		// IPv4's takes it along only where the switch really changes (devinet_sysctl_forward).
		const all = name.startsWith('net.ipv4.') && value[name] === to ? undefined : everyLink[name];
		const same = all ? Object.keys(value).filter(one => all.test(one)) : [];
		value = {...value, ...Object.fromEntries([name, ...same].map(one => [one, to]))};
	}
	return {...facts, sysctls: {...facts.sysctls, value}};
}

/** Switches that the kernel hands on to every link (inet_forward_change, addrconf_forward_change, addrconf_disable_change). */
const everyLink: Readonly<Record<string, RegExp>> = {
	'net.ipv4.ip_forward': /^net\.ipv4\.conf\..+\.forwarding$/,
	'net.ipv4.conf.all.forwarding': /^net\.ipv4\.(ip_forward$|conf\..+\.forwarding$)/,
	'net.ipv6.conf.all.forwarding': /^net\.ipv6\.conf\..+\.forwarding$/,
	'net.ipv6.conf.all.disable_ipv6': /^net\.ipv6\.conf\..+\.disable_ipv6$/,
};

function withoutRoute(facts: NetnsFacts, words: string): NetnsFacts | null {
	if (!facts.routes.read) return null;
	const [text, table = 'main'] = words.split(' table ');
	const value = facts.routes.value.filter(route => routeText(route) !== text || route.table !== table);
	return value.length === facts.routes.value.length ? null : {...facts, routes: {...facts.routes, value}};
}
