import type {Finding, Network, Snapshot} from '../../model/index.js';
import {engineAnew, observed, rulesAnew} from '../facts.js';
import type {Fault} from '../fault.js';
import {bridgeNetworks, engineOf} from '../inventory.js';
import {chainOf, filterRules, isNamedIn} from '../rule-texts.js';

/** The rules that the engine makes for each of its networks are gone (flushed), or were never made (iptables: false). */
export const engineRulesMissing: Fault = {
	id: 'engine-rules-missing',
	words: {
		title: "the engine's firewall rules are gone",
		about:
			'For each of its bridges the engine keeps rules that publish ports, let packets pass and translate addresses. No rule that a packet can meet names the bridge any more.',
		more: [
			'A restart of firewalld or nftables, `nft flush ruleset` or `iptables -F` takes them away without the engine noticing; with "iptables": false in daemon.json it never makes them.',
			'Ports may still answer on the host itself, where docker-proxy carries them.',
		],
		see: [['iptables-save | grep BRIDGE', 'nothing']],
		todo: [
			'`systemctl restart docker` makes them anew; take "iptables": false out of /etc/docker/daemon.json first, where it stands there.',
		],
	},
	atStop({hop, snapshot}) {
		if (hop.kind !== 'netfilter' || hop.of !== null) return null;
		const network = unnamed(snapshot).find(({bridge}) => bridge === hop.packet.iif || bridge === hop.packet.oif);
		return network ? sayingOf(snapshot, network) : null;
	},
	onHost: snapshot =>
		unnamed(snapshot).map(
			(network): Finding => ({id: 'engine-rules-missing', severity: 'warning', hop: null, ...sayingOf(snapshot, network)}),
		),
};

function unnamed(snapshot: Snapshot): (Network & {bridge: string})[] {
	const rules = filterRules(snapshot);
	if (!rules) return [];
	return bridgeNetworks(snapshot)
		.map(({network}) => network)
		.filter(({bridge, subnets}) => !isNamedIn(rules, [bridge, ...subnets.map(({subnet}) => subnet)]));
}

function sayingOf(snapshot: Snapshot, {name, bridge}: Network & {bridge: string}) {
	return {
		summary: `no firewall rule names ${bridge}: the engine's rules for the network ${name} are missing`,
		remedy: jumpsAnew(snapshot, bridge) ?? (makesNone(snapshot) ? withRules : rulesAnew),
		evidence: [
			observed(`no rule names ${bridge}`, 'iptables-save, nft', `iptables-save | grep ${bridge}; nft list ruleset | grep ${bridge}`),
		],
	};
}

/**
 * An engine that runs with "iptables": false makes no masquerading for its default bridge either, and says so in that network's options
 * (moby, daemon/config: EnableIPMasq follows EnableIPTables).
 */
function makesNone(snapshot: Snapshot): boolean {
	const own = engineOf(snapshot)?.networks.find(({options}) => options['com.docker.network.bridge.default_bridge'] === 'true');
	return own?.options['com.docker.network.bridge.enable_ip_masquerade'] === 'false';
}

const withRules = `take "iptables": false out of /etc/docker/daemon.json (or --iptables=false from dockerd's arguments), then: ${engineAnew}`;

/** Where only FORWARD was flushed, the engine's chains (since 28) are all there, and nothing leads into them any more. */
function jumpsAnew(snapshot: Snapshot, bridge: string): string | null {
	const lost = ['DOCKER-USER', 'DOCKER-FORWARD'].filter(name => chainOf(snapshot, 'ip', 'filter', name)?.reached === false);
	const own = chainOf(snapshot, 'ip', 'filter', 'DOCKER-FORWARD')?.rules ?? [];
	if (!lost.includes('DOCKER-FORWARD') || !isNamedIn(own, [bridge])) return null;
	return lost.map(chain => `iptables -A FORWARD -j ${chain}`).join(' && ');
}
