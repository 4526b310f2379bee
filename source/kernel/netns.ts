import type {Group, Link, NetnsFacts, Socket} from '../model/index.js';
import {readAddresses} from './addresses.js';
import {readFdb, readFdbOf} from './fdb.js';
import {type Netns, netnsInode} from './identity.js';
import {readLinks} from './links.js';
import {readNeighbours} from './neighbours.js';
import {readRoutes} from './routes.js';
import {readRoutingRules} from './routing-rules.js';
import {readRulesets} from './rulesets.js';
import {readSysctls} from './sysctls.js';

/**
 * Everything of one network namespace, all readers side by side, one process each.
 * The sockets are read by the caller, who knows whether they are wanted and whose they may be; `known`: the links, where the caller has
 * just read them. `sparing`: what the other facts show that it cannot be there is not asked for, one of many namespaces.
 */
export async function readNetns(
	netns: Netns,
	sockets: Promise<Group<Socket[]>>,
	{known, sparing = false}: {known?: Group<Link[]>; sparing?: boolean} = {},
): Promise<NetnsFacts> {
	const {enter} = netns;
	const links = known ? Promise.resolve(known) : readLinks(enter);
	return allOf({
		inode: netnsInode(netns),
		links,
		addresses: readAddresses(enter),
		routes: readRoutes(enter),
		routingRules: readRoutingRules(enter),
		neighbours: readNeighbours(enter),
		fdb: sparing ? links.then(group => readFdbOf(enter, group)) : readFdb(enter),
		sockets,
		rulesets: readRulesets(netns, sparing),
		sysctls: readSysctls(netns, links),
	});
}

async function allOf<T extends Record<string, unknown>>(promises: T): Promise<{[K in keyof T]: Awaited<T[K]>}> {
	const entries = await Promise.all(Object.entries(promises).map(async ([name, promise]) => [name, await promise]));
	return Object.fromEntries(entries);
}
