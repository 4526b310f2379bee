import type {Finding, Snapshot} from '../../model/index.js';
import {isGap, routeTo} from '../../netfilter/fib.js';
import {hookEnv} from '../../netfilter/hook-env.js';
import {parseRulesets} from '../../netfilter/ruleset.js';
import {isStopped, runHook} from '../../netfilter/walk.js';
import {firstPacket} from '../../path/start.js';
import {worldOf} from '../../path/world.js';
import {linkNamed} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {bridgeNetworks} from '../inventory.js';
import {allRules} from '../rule-texts.js';

/** Containers send larger packets than the link to the outside takes. */
export const mtuTooLarge: Fault = {
	id: 'mtu-too-large',
	words: {
		title: 'its packets are larger than the way out takes',
		about:
			'The bridge of a network takes larger packets (MTU) than the link by which this host reaches the outside. Small requests pass, large answers or TLS handshakes stall where nobody learns that their packets are too large.',
		more: [
			'VPNs, tunnels and cloud networks have an MTU below 1500. The sender learns of it by an ICMP message (fragmentation needed), which firewalls must not drop.',
		],
		see: [['ip link show', 'the mtu of the bridge and of the link of the default route']],
		todo: ['docker network create -o com.docker.network.driver.mtu=MTU …; for the default bridge "mtu": MTU in daemon.json.'],
	},
	onHost(snapshot) {
		const route = routeTo(snapshot.host, '192.0.2.1');
		const nic = isGap(route) || route.type !== 'unicast' ? null : linkNamed(snapshot.host, route.nexthop?.dev ?? '');
		if (!nic || allRules(snapshot)?.some(text => /TCPMSS|"maxseg"/.test(text))) return [];
		return bridgeNetworks(snapshot).flatMap(({network}): Finding[] => {
			const bridge = linkNamed(snapshot.host, network.bridge);
			if (!bridge || network.internal || bridge.mtu <= nic.mtu) return [];
			const silent = isToldNobody(
				snapshot,
				network.bridge,
				network.subnets.find(({subnet}) => !subnet.includes(':')),
			);
			return [
				{
					id: 'mtu-too-large',
					severity: silent ? 'warning' : 'info',
					hop: null,
					summary: `containers of ${network.name} send packets of ${bridge.mtu} bytes, ${nic.name} takes ${nic.mtu}${silent ? ', and a rule drops the message that tells them' : ''}`,
					remedy: quote([
						'iptables',
						'-t',
						'mangle',
						'-I',
						'FORWARD',
						'-o',
						nic.name,
						'-p',
						'tcp',
						'--tcp-flags',
						'SYN,RST',
						'SYN',
						'-j',
						'TCPMSS',
						'--clamp-mss-to-pmtu',
					]),
					evidence: [
						observed(
							`mtu ${bridge.mtu} on ${bridge.name}, ${nic.mtu} on ${nic.name}`,
							'ip link',
							`ip link show ${bridge.name}; ip link show ${nic.name}`,
						),
					],
				},
			];
		});
	},
};

/** Whether the host's own message "fragmentation needed" (ICMP type 3, code 4) to a container is stopped by its rules. */
function isToldNobody(snapshot: Snapshot, bridge: string, range: {subnet: string; gateway: string | null} | undefined): boolean {
	if (!range?.gateway) return false;
	const packet = firstPacket(
		{kind: 'host', site: worldOf(snapshot).host, address: range.gateway},
		range.subnet.replace(/\/.*$/, ''),
		0,
		'icmp',
	);
	const message = {...packet, oif: bridge, sport: null, dport: null, icmpType: 3, icmpCode: 4, ctState: 'related' as const};
	const {verdict} = runHook(parseRulesets(snapshot.host.rulesets).ruleset, 'output', message, hookEnv(snapshot.host));
	return isStopped(verdict);
}
