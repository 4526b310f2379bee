import {isWithin} from '../address/ip.js';
import type {CauseId} from '../model/index.js';
import {linkNamed, valueOr} from '../snapshot/netns.js';
import {quote} from '../text/quote.js';
import {containerNamed, engineOf, targetOf} from './inventory.js';
import {inNamespace, type Stop} from './stop.js';

/** What mends a hop between interfaces: routes, links, bridges, neighbours. */
export const linkRemedies = {
	'no-route': addRoute,
	'route-refuses': (stop: Stop) => {
		const rule = /^refused by rule (.*)$/.exec(stop.hop.says)?.[1];
		const what = rule ? ['rule', 'del', ...rule.split(' ')] : ['route', 'del', ...routeWords(stop.hop.says)];
		return inNamespace(stop, 'ip', ...familyFlag(stop), ...what);
	},
	'forwarding-off': (stop: Stop) =>
		inNamespace(stop, 'sysctl', '-w', `${/(net\.\S+) = /.exec(stop.hop.says)?.[1] ?? 'net.ipv4.ip_forward'}=1`),
	'rp-filter': (stop: Stop) => inNamespace(stop, 'sysctl', '-w', 'net.ipv4.conf.all.rp_filter=2'),
	martian: ({hop}: Stop) => `ask by another address than ${hop.packet.dst}, or find who else uses ${hop.packet.src}`,
	'link-down': linkUp,
	'not-in-bridge': (stop: Stop) => {
		const bridge = /port of (?:\S+, not of )?(\S+)$/.exec(stop.hop.says)?.[1];
		return bridge ? quote(['ip', 'link', 'set', stop.hop.name, 'master', bridge]) : `plug ${stop.hop.name} into the bridge`;
	},
	'port-not-forwarding': portForwarding,
	'no-neighbour': (stop: Stop) => {
		const silent = /^(\S+) does not ask for neighbours/.exec(stop.hop.says)?.[1];
		if (silent) return inNamespace(stop, 'ip', 'link', 'set', silent, 'arp', 'on');
		const name = targetOf(stop)?.name;
		return name ? quote(['docker', 'restart', name]) : `see who should have ${stop.hop.address}, and whether its link is up`;
	},
	'wrong-neighbour': (stop: Stop) => stop.hop.command.replace('ip neigh show', 'ip neigh del'),
	misrouted: (stop: Stop) => `take the route away that is in the way (see: ${stop.hop.command}), or give the network another range`,
	'no-network': (stop: Stop) => `start ${stop.hop.of ?? 'it'} with another network than none: docker run --network NETWORK …`,
	'ttl-exceeded': () => 'look for a loop, or for a rule that lowers the TTL: iptables-save -t mangle',
} satisfies Partial<Record<CauseId, (stop: Stop) => string>>;

/** A container's default route by its gateway, the host's route to one of the engine's own subnets; else only a person knows. */
function addRoute(stop: Stop): string {
	const {hop, snapshot} = stop;
	const {dst} = hop.packet;
	const gateways = containerNamed(snapshot, hop.of)?.endpoints.flatMap(end => (dst.includes(':') ? end.gateway6 : end.gateway) ?? []) ?? [];
	if (gateways[0]) return inNamespace(stop, 'ip', ...familyFlag(stop), 'route', 'add', 'default', 'via', gateways[0]);
	const network = engineOf(snapshot)?.networks.find(
		({bridge, subnets}) => bridge !== null && subnets.some(({subnet}) => isWithin(dst, subnet)),
	);
	const range = network?.subnets.find(({subnet}) => isWithin(dst, subnet));
	if (hop.of === null && network?.bridge && range) {
		const source = range.gateway ? ['src', range.gateway] : [];
		return inNamespace(stop, 'ip', ...familyFlag(stop), 'route', 'add', range.subnet, 'dev', network.bridge, ...source);
	}
	return hop.of === null ? `ip route add ${dst} via GATEWAY` : `docker network connect NETWORK ${hop.of}`;
}

/** Up; where the other end is what is down, that one. */
function linkUp(stop: Stop): string {
	const {hop, snapshot} = stop;
	const off = /^IPv6 is switched off on (\S+)$/.exec(hop.says)?.[1];
	if (off) return inNamespace(stop, 'sysctl', '-w', `net.ipv6.conf.${off}.disable_ipv6=0`);
	const link = linkNamed(snapshot.host, hop.name);
	if (hop.kind === 'nic' && link?.up) return `plug in the cable of ${hop.name}, or bring up what it stands on`;
	if (hop.kind !== 'veth' || !link?.up) return inNamespace(stop, 'ip', 'link', 'set', hop.name, 'up');
	const pair = valueOr(snapshot.veths, []).find(one => one.hostIndex === link.index);
	const owner = engineOf(snapshot)?.containers.find(one => one.id === pair?.containerId);
	return pair && owner?.pid
		? quote(['nsenter', '-t', String(owner.pid), '-n', 'ip', 'link', 'set', pair.interface, 'up'])
		: `bring up the other end of ${hop.name}`;
}

function portForwarding({hop, snapshot}: Stop): string {
	const link = linkNamed(snapshot.host, hop.name);
	const own = /no entry for its own address ([0-9a-f:]+):/.exec(hop.says)?.[1];
	if (own) return quote(['bridge', 'fdb', 'add', own, 'dev', hop.name, 'self', 'permanent']);
	if (/isolated/.test(hop.says)) return quote(['bridge', 'link', 'set', 'dev', hop.name, 'isolated', 'off']);
	if (/hairpin/.test(hop.says)) return quote(['bridge', 'link', 'set', 'dev', hop.name, 'hairpin', 'on']);
	return quote(['ip', 'link', 'set', link?.master ?? 'BRIDGE', 'type', 'bridge', 'stp_state', '0']);
}

/** "refused by blackhole 172.19.0.2 …" → what `ip route del` takes. */
function routeWords(says: string): string[] {
	const words = says.replace(/^refused by /, '').split(' ');
	const [type = '', dst = ''] = words;
	const table = /table (\S+)/.exec(says)?.[1];
	return [type, dst, ...(table && table !== 'main' ? ['table', table] : [])];
}

function familyFlag({hop}: Stop): string[] {
	return hop.packet.dst.includes(':') ? ['-6'] : [];
}
