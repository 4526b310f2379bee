import type {Family, Group, NextHop, Route} from '../model/index.js';
import {type Fields, numberOf, parseRecords, recordOf, recordsOf, requiredText, textOf, textsOf} from './json.js';
import {readFamilies} from './program.js';

/** Every route of every table of a network namespace, both families (ip-route(8)). */
export function readRoutes(enter: readonly string[]): Promise<Group<Route[]>> {
	return readFamilies(enter, family => ['ip', '-j', `-${family}`, 'route', 'show', 'table', 'all'], parseRoutes);
}

/** What `ip -j -4|-6 route show table all` printed. Throws where that is no list of routes, or a route cannot be understood. */
export function parseRoutes(text: string, family: Family): Route[] {
	return parseRecords(text).map(fields => toRoute(fields, family));
}

function toRoute(fields: Fields, family: Family): Route {
	const type = textOf(fields, 'type') ?? 'unicast';
	const dst = requiredText(fields, 'dst');
	const nexthops = toNexthops(fields);
	// With net.ipv4.nexthop_compat_mode=0 a route names its next hops by the number of an object only.
	if (type === 'unicast' && nexthops.length === 0) throw new Error(`the route to ${dst} names no next hop`);
	return {
		family,
		table: textOf(fields, 'table') ?? 'main',
		type,
		dst: toCidr(dst, family),
		from: 'from' in fields ? toCidr(requiredText(fields, 'from'), family) : null,
		src: textOf(fields, 'prefsrc'),
		metric: numberOf(fields, 'metric') ?? 0,
		tos: toTos(fields),
		nexthops,
	};
}

function toNexthops(fields: Fields): NextHop[] {
	const several = recordsOf(fields, 'nexthops');
	if (several.length > 0) return several.map(toNexthop);
	const one = toNexthop(fields);
	return one.dev === null && one.gateway === null ? [] : [one];
}

function toNexthop(fields: Fields): NextHop {
	// An IPv4 route through an IPv6 gateway carries it in "via".
	const via = recordOf(fields, 'via');
	return {
		dev: textOf(fields, 'dev'),
		gateway: textOf(fields, 'gateway') ?? (via && textOf(via, 'host')),
		flags: textsOf(fields, 'flags'),
		weight: numberOf(fields, 'weight') ?? 1,
	};
}

/** ip leaves out the length of a single address, and calls the route to everything "default". */
export function toCidr(text: string, family: Family): string {
	if (text === 'default' || text === 'all' || text === 'any') return family === 4 ? '0.0.0.0/0' : '::/0';
	return text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`;
}

/** /etc/iproute2/rt_dsfield can give the number a name, behind which it cannot be told. */
export function toTos(fields: Fields): number {
	if (!('tos' in fields)) return 0;
	const tos = numberOf(fields, 'tos');
	if (tos === null) throw new Error(`tos ${textOf(fields, 'tos')} is a name`);
	return tos;
}
