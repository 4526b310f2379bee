import {canonical, isWithin} from '../../address/ip.js';
import type {Finding, Network, Snapshot} from '../../model/index.js';
import {addressesOf, interfaceSetting, linkNamed} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import {engineAnew, observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {bridgeNetworks} from '../inventory.js';

/** A network's bridge is gone, down, or has lost the address that is its containers' gateway. */
export const bridgeLost: Fault = {
	id: 'bridge-lost',
	words: {
		title: 'the bridge of a network is gone, down or has lost its address',
		about:
			"The network's Linux bridge is not there, is switched off, or does not carry the gateway's address any more. With it goes the host's route to the network, so that packets for its containers leave by the default route instead.",
		more: ['Network managers that take over foreign links, and hands that clear up, do that.'],
		see: [['ip addr show BRIDGE', 'UP, and the gateway of the network as its address']],
		todo: [
			'`ip link set BRIDGE up`, or `ip addr add GATEWAY/LENGTH dev BRIDGE`; where the bridge itself is gone: `systemctl restart docker`.',
		],
	},
	atStop({hop, snapshot}) {
		if (!['misrouted', 'no-route', 'no-neighbour', 'link-down'].includes(hop.cause ?? '')) return null;
		const concerned = (subnet: string) => isWithin(hop.packet.dst, subnet) || isWithin(hop.address ?? '', subnet);
		return lost(snapshot).find(({network}) => network.subnets.some(({subnet}) => concerned(subnet)))?.saying ?? null;
	},
	onHost: snapshot =>
		lost(snapshot).map(({saying}): Finding => ({id: 'bridge-lost', severity: 'error', hop: null, evidence: [], ...saying})),
};

function lost(snapshot: Snapshot): {network: Network; saying: Saying}[] {
	const {host} = snapshot;
	if (!host.links.read || !host.addresses.read) return [];
	return bridgeNetworks(snapshot).flatMap(({network}) => {
		const {bridge, name} = network;
		const link = linkNamed(host, bridge);
		if (!link) return [{network, saying: saying(`${bridge}, the bridge of ${name}, is not there`, engineAnew, bridge)}];
		if (!link.up)
			return [{network, saying: saying(`${bridge}, the bridge of ${name}, is down`, quote(['ip', 'link', 'set', bridge, 'up']), bridge)}];
		return lostGateways(snapshot, network).map(({gateway, length}) => ({
			network,
			saying: saying(`${bridge} has lost ${gateway}, the gateway of ${name}`, addressAnew(snapshot, bridge, gateway, length), bridge),
		}));
	});
}

function lostGateways({host}: Snapshot, {bridge, subnets, internal, options}: Network): {gateway: string; length: string}[] {
	if (bridge === null || internal) return [];
	const settings = Object.entries(options).map(([key, value]) => `${key}=${value}`);
	return subnets.flatMap(({subnet, gateway}) => {
		const family = subnet.includes(':') ? 6 : 4;
		if (gateway === null || settings.some(setting => addressless[family].test(setting))) return [];
		const there = addressesOf(host, family, bridge).some(({address}) => canonical(address) === canonical(gateway));
		return there ? [] : [{gateway, length: subnet.split('/')[1] ?? (family === 4 ? '32' : '128')}];
	});
}

/** Where IPv6 is off on the bridge, the kernel takes no address of it (EACCES). */
function addressAnew({host}: Snapshot, bridge: string, gateway: string, length: string): string {
	const off = gateway.includes(':') && interfaceSetting(host, 6, bridge, 'disable_ipv6') === 1;
	const on = off ? `${quote(['sysctl', '-w', `net.ipv6.conf.${bridge}.disable_ipv6=0`])} && ` : '';
	return on + quote(['ip', 'addr', 'add', `${gateway}/${length}`, 'dev', bridge]);
}

function saying(summary: string, remedy: string, bridge: string): Saying {
	return {summary, remedy, evidence: [observed(summary, 'ip link, ip addr', quote(['ip', 'addr', 'show', bridge]))]};
}

/** Networks whose bridge is meant to have no address of its own. */
const addressless = {4: /inhibit_ipv4=true|gateway_mode_ipv4=isolated/, 6: /gateway_mode_ipv6=isolated/} as const;
