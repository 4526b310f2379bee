import type {Gap} from './evidence.js';
import type {NetnsFacts, Rulesets} from './kernel.js';
import type {ContainerFacts, HostFacts, ResolverFiles} from './snapshot.js';

/** A host of which nothing was read, every group with the same reason. */
export function unreadHost(gap: Gap): HostFacts {
	const group = {read: false, gap} as const;
	return {host: unreadNetns(gap), hostResolver: unreadResolver(gap), proxies: group, veths: group};
}

/** A container of which nothing was read. */
export function unreadContainer(gap: Gap): ContainerFacts {
	return {netns: unreadNetns(gap), resolver: unreadResolver(gap), main: {read: false, gap}};
}

/** A network namespace of which nothing was read. */
export function unreadNetns(gap: Gap): NetnsFacts {
	const group = {read: false, gap} as const;
	const rulesets: Rulesets = {
		iptables: group,
		ip6tables: group,
		iptablesLegacy: group,
		ip6tablesLegacy: group,
		nft: group,
		ipsets: group,
	};
	return {
		inode: null,
		links: group,
		addresses: group,
		routes: group,
		routingRules: group,
		neighbours: group,
		fdb: group,
		sockets: group,
		rulesets,
		sysctls: group,
	};
}

/** Resolver files of which none was read. */
export function unreadResolver(gap: Gap): ResolverFiles {
	const group = {read: false, gap} as const;
	return {hosts: group, resolvConf: group, nsswitch: group};
}
