import {isWithin} from '../address/ip.js';
import {isGap, routeTo} from '../netfilter/fib.js';
import {routeText} from '../netfilter/routing.js';
import {linksOnlink} from '../snapshot/netns.js';
import {connectTo, containerNamed, engineOf} from './inventory.js';
import {inNamespace, type Stop} from './stop.js';

/** A container's default route by its gateway, the host's route to one of the engine's own subnets; else only a person knows. */
export function addRoute(stop: Stop): string {
	const {hop, snapshot} = stop;
	const {dst} = hop.packet;
	if (/ is a broadcast address: /.test(hop.says)) return 'ask at the address of one host';
	const container = containerNamed(snapshot, hop.of);
	const gateways = container?.endpoints.flatMap(end => (dst.includes(':') ? end.gateway6 : end.gateway) ?? []) ?? [];
	if (gateways[0]) return inNamespace(stop, 'ip', ...familyFlag(stop), 'route', 'add', 'default', 'via', gateways[0]);
	const network = engineOf(snapshot)?.networks.find(
		({bridge, subnets}) => bridge !== null && subnets.some(({subnet}) => isWithin(dst, subnet)),
	);
	const range = network?.subnets.find(({subnet}) => isWithin(dst, subnet));
	if (hop.of === null && network?.bridge && range) {
		const source = range.gateway ? ['src', range.gateway] : [];
		return inNamespace(stop, 'ip', ...familyFlag(stop), 'route', 'add', range.subnet, 'dev', network.bridge, ...source);
	}
	if (container?.networkMode === 'none') return connectTo(container, 'bridge');
	return hop.of === null ? `ip route add ${dst} via GATEWAY` : `docker network connect NETWORK ${hop.of}`;
}

/** The rule or the route that refuses, taken away. */
export function takeRefusal(stop: Stop): string {
	const {says} = stop.hop;
	const rule = /^refused by rule (.*)$/.exec(says)?.[1];
	if (rule) return inNamespace(stop, 'ip', ...familyFlag(stop), 'rule', 'del', ...rule.split(' '));
	return deleted(stop, says.replace(/^refused by /, ''));
}

/** The route that leads astray, taken away; a default route is what everything else needs, except in a table of its own. */
export function takeRoute(stop: Stop): string {
	const {hop} = stop;
	const table = /^table (\S+)$/.exec(hop.name)?.[1] ?? 'main';
	if (hop.address === null || (hop.address.startsWith('default') && table === 'main'))
		return `take the route away that is in the way (see: ${hop.command}), or give the network another range`;
	return deleted(stop, `${hop.address}, table ${table}`);
}

/**
 * A client that is a neighbour on the link that its packet came in by, but whose answer another route would take: that route is wrong. Else the
 * ways there and back may differ with reason, and the check is loosened.
 */
export function loosenSource(stop: Stop): string {
	const {hop, snapshot} = stop;
	const {src, iif} = hop.packet;
	const back = hop.of === null ? routeTo(snapshot.host, src) : null;
	if (back && !isGap(back) && back.route && iif && back.nexthop?.dev !== iif && linksOnlink(snapshot.host, src).includes(iif))
		return deleted(stop, `${routeText(back.route)}, table ${back.route.table}`);
	return inNamespace(stop, 'sysctl', '-w', 'net.ipv4.conf.all.rp_filter=2');
}

/** "blackhole 172.19.0.2/32, table 7" → what takes it away. */
function deleted(stop: Stop, route: string): string {
	const [words = '', table] = route.split(', table ');
	const where = table === undefined || table === 'main' ? [] : ['table', table];
	return inNamespace(stop, 'ip', ...familyFlag(stop), 'route', 'del', ...words.split(' '), ...where);
}

function familyFlag({hop}: Stop): string[] {
	return hop.packet.dst.includes(':') ? ['-6'] : [];
}
