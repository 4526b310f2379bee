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
	const rule = `[0:0] -A ${chain} ${rest.slice(number === null ? 0 : 1).join(' ')}`;
	const lines = group.value.split('\n');
	const start = lines.indexOf(`*${table}`);
	const end = lines.indexOf('COMMIT', start);
	if (start < 0 || end < 0) return null;
	const own = lines.flatMap((line, index) => (index > start && index < end && line.includes(` -A ${chain} `) ? [index] : []));
	const at = number === null ? end : own[number - 1];
	if (at === undefined) return null;
	const value = [...lines.slice(0, at), rule, ...lines.slice(at)].join('\n');
	return {...facts, rulesets: {...facts.rulesets, [key]: {...group, value}}};
}

function withSysctls(facts: NetnsFacts, settings: string[]): NetnsFacts | null {
	if (!facts.sysctls.read) return null;
	const changed = Object.fromEntries(settings.map(one => one.split('=', 2) as [string, string]));
	return {...facts, sysctls: {...facts.sysctls, value: {...facts.sysctls.value, ...changed}}};
}

function withoutRoute(facts: NetnsFacts, words: string): NetnsFacts | null {
	if (!facts.routes.read) return null;
	const [text, table = 'main'] = words.split(' table ');
	const value = facts.routes.value.filter(route => routeText(route) !== text || route.table !== table);
	return value.length === facts.routes.value.length ? null : {...facts, routes: {...facts.routes, value}};
}
