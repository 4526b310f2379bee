import {isLoopback, isWithin} from '../address/ip.js';
import type {CauseId} from '../model/index.js';
import {linkNamed, ownerOf, valueOr} from '../snapshot/netns.js';
import {quote} from '../text/quote.js';
import {askerOf, connectTo, containerNamed, engineOf, targetOf} from './inventory.js';
import {addRoute, loosenSource, takeRefusal, takeRoute} from './route-remedies.js';
import {inNamespace, type Stop, withoutRule} from './stop.js';

/** What mends a hop between interfaces: routes, links, bridges, neighbours. */
export const linkRemedies = {
	'no-route': addRoute,
	'route-refuses': takeRefusal,
	'forwarding-off': (stop: Stop) =>
		inNamespace(stop, 'sysctl', '-w', `${/(net\.\S+) = /.exec(stop.hop.says)?.[1] ?? 'net.ipv4.ip_forward'}=1`),
	'rp-filter': loosenSource,
	martian: possibleAgain,
	'link-down': linkUp,
	'not-in-bridge': (stop: Stop) => {
		const bridge = /port of (?:\S+, not of )?(\S+)$/.exec(stop.hop.says)?.[1];
		return bridge ? quote(['ip', 'link', 'set', stop.hop.name, 'master', bridge]) : `plug ${stop.hop.name} into the bridge`;
	},
	'port-not-forwarding': portForwarding,
	'no-neighbour': neighbourFound,
	'wrong-neighbour': (stop: Stop) => stop.hop.command.replace('ip neigh show', 'ip neigh del'),
	misrouted: takeRoute,
	'no-network': (stop: Stop) => {
		const container = containerNamed(stop.snapshot, stop.hop.of);
		return container ? connectTo(container, askerOf(stop)?.endpoints[0]?.networkName ?? 'bridge') : 'docker run --network NETWORK …';
	},
	'ttl-exceeded': higherTtl,
} satisfies Partial<Record<CauseId, (stop: Stop) => string>>;

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

/** 127.0.0.0/8 let out where the kernel is told so; an address that the host has, and its client too, taken from the host. */
function possibleAgain(stop: Stop): string {
	const {hop, snapshot} = stop;
	const [, link] = /may not leave by (\S+): route_localnet is 0/.exec(hop.says) ?? [];
	if (link) return inNamespace(stop, 'sysctl', '-w', `net.ipv4.conf.${link}.route_localnet=1`);
	const own = hop.of === null && !isLoopback(hop.packet.src) ? ownerOf(snapshot.host, hop.packet.src) : null;
	// An address of a container's network has no business on another link; the host's own ones stay where they are.
	const networks = engineOf(snapshot)?.networks.flatMap(({subnets}) => subnets.map(({subnet}) => subnet)) ?? [];
	if (own && own.link !== hop.packet.iif && networks.some(subnet => isWithin(own.address, subnet)))
		return quote(['ip', 'addr', 'del', `${own.address}/${own.prefix}`, 'dev', own.link]);
	return `ask by another address than ${hop.packet.dst}, or find who else uses ${hop.packet.src}`;
}

/** The rule that lowers the TTL, taken away; without one it is a loop, or came with so little. */
function higherTtl(stop: Stop): string {
	const steps = stop.path.hops.slice(0, stop.index + 1).flatMap(hop => hop.steps.map(step => ({hop, step})));
	const found = steps.findLast(({step}) => step.matched === true && /-j (TTL|HL) |(ttl|hoplimit) set /.test(step.text));
	return found
		? withoutRule({snapshot: stop.snapshot, hop: found.hop}, found.step)
		: 'look for a loop, or for a rule that lowers the TTL: iptables-save -t mangle';
}

/** What lets the one answer that has the address; where nobody has it, that is all there is to say. */
function neighbourFound(stop: Stop): string {
	const {hop, snapshot} = stop;
	const silent = /^(\S+) does not ask for neighbours/.exec(hop.says)?.[1];
	if (silent) return inNamespace(stop, 'ip', 'link', 'set', silent, 'arp', 'on');
	const [, link, owner] = /^(\S+) of (the host|\S+) (?:answers no ARP|does not answer)/.exec(hop.says) ?? [];
	if (link !== undefined) {
		const pid = containerNamed(snapshot, owner ?? null)?.pid;
		const there = pid ? ['nsenter', '-t', String(pid), '-n'] : [];
		if (!hop.says.includes('arp_ignore')) return quote([...there, 'ip', 'link', 'set', link, 'arp', 'on']);
		return quote([...there, 'sysctl', '-w', 'net.ipv4.conf.all.arp_ignore=0', `net.ipv4.conf.${link}.arp_ignore=0`]);
	}
	if (/drops ARP by/.test(hop.says)) return `let ARP pass there: ${hop.command}`;
	const target = targetOf(stop);
	const isItsOwn = target?.endpoints.some(({address, address6}) => address === hop.address || address6 === hop.address);
	return target && isItsOwn ? quote(['docker', 'restart', target.name]) : `see who should have ${hop.address}, and whether its link is up`;
}

/** The switch of the bridge's port that holds the packet back. */
function portForwarding({hop, snapshot}: Stop): string {
	const {says} = hop;
	const own = /no entry for its own address ([0-9a-f:]+):/.exec(says)?.[1];
	if (own) return quote(['bridge', 'fdb', 'add', own, 'dev', hop.name, 'self', 'permanent']);
	const [, mac, elsewhere] = / sends ([0-9a-f:]+) to (\S+), not to/.exec(says) ?? [];
	if (mac && elsewhere) return quote(['bridge', 'fdb', 'del', mac, 'dev', elsewhere, 'master']);
	const port = /^(\S+) (?:passes|takes) no /.exec(says)?.[1];
	const off = linkNamed(snapshot.host, port ?? '')?.port?.off;
	if (port && off) return quote(['bridge', 'link', 'set', 'dev', port, ...off.flatMap(name => [name, 'on'])]);
	if (/ is locked, /.test(says)) return quote(['bridge', 'link', 'set', 'dev', hop.name, 'locked', 'off']);
	if (/isolated/.test(says)) return quote(['bridge', 'link', 'set', 'dev', hop.name, 'isolated', 'off']);
	if (/hairpin/.test(says)) return quote(['bridge', 'link', 'set', 'dev', hop.name, 'hairpin', 'on']);
	const master = linkNamed(snapshot.host, hop.name)?.master;
	if (!master) return `see why it does not forward: ${hop.command}`;
	// Without STP a port forwards at once, but only when it comes up.
	const steps = [
		[master, 'type', 'bridge', 'stp_state', '0'],
		[hop.name, 'down'],
		[hop.name, 'up'],
	];
	return steps.map(words => quote(['ip', 'link', 'set', ...words])).join(' && ');
}
