import type {Group, ProgramHere, Snapshot} from '../model/index.js';
import {type Table, tableOf} from './table.js';

/** One reader of the engine or the kernel: whether it read, and if not why and what would help. */
export interface Reader {
	name: string;
	/** Without it, verdicts are undetermined; the others matter only on some hosts. */
	required: boolean;
	read: boolean;
	/** Program or file. */
	source: string;
	why: string;
	tell: string;
}

/** Every reader of this host, as they fared in this snapshot. */
export function readers({engine, host, hostResolver, proxies, veths}: Snapshot): Reader[] {
	const {rulesets} = host;
	return [
		reader('engine', true, engine),
		reader('links', true, host.links),
		reader('addresses', true, host.addresses),
		reader('routes', true, host.routes),
		reader('routing rules', true, host.routingRules),
		reader('neighbours', true, host.neighbours),
		reader('bridge forwarding table', false, host.fdb),
		reader('sockets', true, host.sockets),
		reader('sysctls', true, host.sysctls),
		reader('iptables rules', true, rulesets.iptables),
		reader('ip6tables rules', true, rulesets.ip6tables),
		reader('legacy iptables rules', false, rulesets.iptablesLegacy),
		reader('legacy ip6tables rules', false, rulesets.ip6tablesLegacy),
		reader('nftables ruleset', true, rulesets.nft),
		reader('ip sets', false, rulesets.ipsets),
		reader('docker-proxy processes', true, proxies),
		reader('veth pairs', true, veths),
		reader('/etc/hosts', true, hostResolver.hosts),
		reader('/etc/resolv.conf', true, hostResolver.resolvConf),
		reader('/etc/nsswitch.conf', false, hostResolver.nsswitch),
	];
}

/** The readers as a table. */
export function readerRows(snapshot: Snapshot): Table {
	return tableOf<Reader>(
		[
			{title: 'READER', cell: ({name}) => name},
			{title: 'REQUIRED', cell: ({required}) => (required ? 'yes' : 'no')},
			{title: 'READ FROM', shrink: 1, cell: ({read, source, why}) => (read ? source : why)},
			{title: 'TO READ IT', shrink: 2, cell: ({tell}) => tell},
		],
		readers(snapshot),
		({name}) => name,
		({read}) => (read ? 'passes' : 'undetermined'),
	);
}

/** The programs of this host as a table. */
export function programRows(programs: readonly ProgramHere[]): Table {
	return tableOf<ProgramHere>(
		[
			{title: 'PROGRAM', cell: ({name}) => name},
			{title: 'FOR', cell: ({use}) => use},
			{title: 'VERSION', shrink: 1, cell: ({version, why}) => version ?? why},
			{title: 'TO GET IT', shrink: 2, cell: ({tell}) => tell},
		],
		programs,
		({name}) => name,
		({version}) => (version === null ? 'undetermined' : 'passes'),
	);
}

function reader(name: string, required: boolean, group: Group<unknown>): Reader {
	if (group.read) return {name, required, read: true, source: group.source, why: '', tell: ''};
	return {name, required, read: false, source: '', why: group.gap.why, tell: group.gap.tell};
}
