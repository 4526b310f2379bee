import {isWithin} from '../../address/ip.js';
import type {Network, Snapshot} from '../../model/index.js';
import {addressesOf, ownerOf} from '../../snapshot/netns.js';
import {engineAnew, observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {askerOf, engineOf} from '../inventory.js';

/** A container's request leaves this host with the container's own address, to which nobody outside can answer. */
export const notMasqueraded: Fault = {
	id: 'not-masqueraded',
	words: {
		title: 'it leaves with an address that nobody can answer to',
		about:
			"A request from a container leaves this host by its NIC with the container's own address as its source: no rule of address translation (MASQUERADE) gave it the host's. The answer does not find its way back.",
		more: ['The table nat was flushed, or the network has the option enable_ip_masquerade=false without a route back in the LAN.'],
		see: [['iptables -t nat -nvL POSTROUTING', "a MASQUERADE rule for the network's subnet"]],
		todo: ['`systemctl restart docker` where the rules are gone; else give the LAN a route to the subnet by way of this host.'],
	},
	onPath(snapshot, path) {
		const asker = askerOf({snapshot, path});
		const last = path.hops.findLastIndex(({kind}) => kind === 'nic');
		const hop = path.hops[last];
		if (!asker || path.verdict !== 'forwarded' || !hop) return [];
		const network = engineOf(snapshot)?.networks.find(
			({driver, subnets}) => driver === 'bridge' && subnets.some(({subnet}) => isWithin(hop.packet.src, subnet)),
		);
		// Routed networks are meant to keep their addresses, and so is IPv6 where no NAT was asked for.
		if (!network || isRouted(network.options) || hop.packet.src.includes(':')) return [];
		const bare = withoutAddress(snapshot, hop.name, hop.packet.src);
		if (bare) return [{id: 'not-masqueraded', severity: 'warning', hop: last, ...bare}];
		const off = network.options['com.docker.network.bridge.enable_ip_masquerade'] === 'false';
		return [
			{
				id: 'not-masqueraded',
				severity: off ? 'info' : 'warning',
				hop: last,
				summary: `${asker.name}'s request leaves by ${hop.name} with its own address ${hop.packet.src}${off ? `: ${network.name} has masquerading off` : ', which no rule translates'}`,
				remedy: off ? `on the LAN's router: ip route add ${network.subnets[0]?.subnet} via THIS_HOST` : masquerade(snapshot, network),
				evidence: [
					observed(`no rule of nat POSTROUTING matches ${hop.packet.src}`, 'iptables-save, nft', 'iptables -t nat -nvL POSTROUTING'),
				],
			},
		];
	},
};

/**
 * Masquerading gives the address of the link that the packet leaves by; where that has none, one of another link (inet_select_addr), to which
 * nobody out there can answer. null where it is not so.
 */
function withoutAddress({host}: Snapshot, link: string, src: string) {
	const owner = ownerOf(host, src);
	if (!owner || !host.addresses.read || addressesOf(host, 4, link).length > 0) return null;
	const summary = `${link} has no IPv4 address: what leaves by it is masqueraded as ${src}, the address of ${owner.link}`;
	const evidence = [observed(`no IPv4 address on ${link}`, 'ip addr', `ip addr show dev ${link}`)];
	return {summary, remedy: `ip addr add ADDRESS/LENGTH dev ${link}`, evidence};
}

/** The rule that the engine makes for each of its networks; engines that write nftables themselves make it in a table of their own. */
function masquerade(snapshot: Snapshot, {subnets, bridge}: Network): string {
	const subnet = subnets.find(one => !one.subnet.includes(':'))?.subnet;
	if (!subnet || !bridge || /nftables/.test(engineOf(snapshot)?.firewallBackend ?? '')) return engineAnew;
	return `iptables -t nat -A POSTROUTING -s ${subnet} ! -o ${bridge} -j MASQUERADE`;
}

function isRouted(options: Record<string, string>): boolean {
	return /routed/.test(options['com.docker.network.bridge.gateway_mode_ipv4'] ?? '');
}
