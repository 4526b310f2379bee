import type {WalkPacket} from '../netfilter/types.js';
import {linkNamed, ownerOf, sysctl, valueOr} from '../snapshot/netns.js';
import {passHook} from './hook-hop.js';
import {bridgeHop} from './link-hops.js';
import {nobodyHop, wrongNeighbourHop} from './neighbour-hop.js';
import {enter, receive} from './receive.js';
import {type Holder, holderOn} from './segment.js';
import {observed, push} from './trail.js';
import {intoContainer} from './transmit.js';
import type {State, Walk} from './walker.js';

/**
 * A frame of a container at a port of a bridge: up to the host where the host holds the neighbour's address, else out of the
 * port of the container that does. br_netfilter shows bridged frames to the IP hooks where bridge-nf-call-(ip|ip6)tables is 1
 * (br_netfilter_hooks.c); a destination rewritten there may turn a bridged packet into a routed one.
 */
export function bridge(walk: Walk, state: State & {at: 'bridge'}): State {
	const {from, nexthop, port} = state;
	const {host} = walk.world;
	const name = state.bridge;
	let packet = {...state.packet, physIn: port === '' ? null : port};
	const holder = holderOn(walk, name, nexthop);
	const dev = from.key === 'host' ? name : (state.packet.oif ?? 'eth0');
	wrongNeighbourHop(walk, from, dev, nexthop, holder, packet);
	bridgeHop(walk, name, packet);
	if (holder.kind === 'host') return {at: 'receive', site: host, packet: {...packet, iif: name, oif: null}, carried: false};
	if (holder.kind === 'nobody') {
		nobodyHop(walk, from, dev, nexthop, packet);
		return {at: 'nowhere', site: from, packet};
	}
	let target: Holder = holder;
	if (callsIptables(walk, packet.family, name)) {
		packet = enter(walk, host, {...packet, iif: name}, false);
		if (packet.dst !== state.packet.dst) {
			if (ownerOf(host.facts, packet.dst)) return {at: 'socket', site: host, packet: passHook(walk, host, 'input', packet)};
			target = holderOn(walk, name, packet.dst);
			// The new destination is not on this bridge: from here on the packet is routed.
			if (target.kind !== 'container' || !target.inBridge)
				return receive(walk, {at: 'receive', site: host, packet: {...packet, iif: name}, carried: true});
		}
		const physOut = target.kind === 'container' ? target.port : target.kind === 'beyond' ? target.port : null;
		packet = passHook(walk, host, 'forward', {...packet, iif: name, oif: name, physOut});
		packet = passHook(walk, host, 'postrouting', packet);
	}
	if (target.kind === 'beyond') return {at: 'left', site: host, packet, nic: target.port};
	if (target.kind !== 'container') return {at: 'nowhere', site: host, packet};
	portsHop(walk, port, target.port, packet);
	return intoContainer(walk, target.site, target.interface, target.port, name, packet);
}

/** Whether br_netfilter calls the IP hooks for frames of this bridge in the host's namespace. */
export function callsIptables(walk: Walk, family: 4 | 6, name: string): boolean {
	const own = linkNamed(walk.world.host.facts, name)?.bridge;
	if ((family === 4 ? own?.callIptables : own?.callIp6tables) === true) return true;
	const which = family === 4 ? 'iptables' : 'ip6tables';
	return sysctl(walk.world.host.facts, `net.bridge.bridge-nf-call-${which}`) === 1;
}

/** Two isolated ports do not see each other; a frame does not go back out of its own port without hairpin (bridge(8)). */
function portsHop(walk: Walk, inPort: string, outPort: string | null, packet: WalkPacket): void {
	const links = valueOr(walk.world.host.facts.links, []);
	const [entry, exit] = [inPort, outPort].map(name => links.find(link => link.name === name)?.port ?? null);
	const says =
		inPort === outPort && entry && !entry.hairpin
			? `${inPort} does not send back what came in by it: hairpin is off`
			: entry?.isolated && exit?.isolated
				? `${inPort} and ${outPort} are isolated from each other`
				: null;
	if (!says) return;
	const command = 'bridge -d link';
	push(walk.trail, walk.world.host, {
		kind: 'bridge',
		name: inPort,
		packet,
		cause: 'port-not-forwarding',
		says,
		command,
		evidence: [observed(says, 'ip -d link', command)],
	});
}
