import {isLoopback} from '../../address/ip.js';
import type {Path, Snapshot} from '../../model/index.js';
import {namespaceOwner} from '../../path/world.js';
import {observed, rulesAnew} from '../facts.js';
import type {Fault} from '../fault.js';
import {containersOf, endpointsOf, engineOf, targetOf} from '../inventory.js';
import {allRules, chainOf} from '../rule-texts.js';

/** A published port whose rule of address translation is missing: docker-proxy alone carries it, or nobody does. */
export const natRuleMissing: Fault = {
	id: 'nat-rule-missing',
	words: {
		title: 'no NAT rule leads to the published port',
		about:
			'A request for a published port should be rewritten (DNAT) to the container by a rule. No such rule matches, so docker-proxy carries it, or nobody takes it.',
		more: [
			'Through docker-proxy the container sees the address of the bridge as its client, not the real one, and the connection is slower.',
			'The rules of the table nat were flushed, or the engine runs with "iptables": false.',
		],
		see: [['iptables -t nat -nvL DOCKER', 'a DNAT rule for every published port']],
		todo: ['`systemctl restart docker`, which makes the rules anew.'],
	},
	atStop(stop) {
		const {hop, path} = stop;
		if (hop.kind !== 'port' || hop.of !== null || !['nothing-listens', 'port-held'].includes(hop.cause ?? '')) return null;
		return publishedTarget(stop) && !isLoopback(path.hops[0]?.packet.dst ?? '') ? sayingOf(stop.snapshot, path) : null;
	},
	onPath(snapshot, path) {
		const proxy = path.hops.findIndex(({kind, connection}) => kind === 'proxy' && connection === 1);
		const hop = path.hops[proxy];
		// On the host's own 127.0.0.1, and from IPv6 to a container without it, docker-proxy is the usual way.
		if (!hop || isLoopback(hop.packet.dst) || !publishedTarget({snapshot, path}) || isMixed(hop.packet.dst, hop.packetAfter?.dst))
			return [];
		return [{id: 'nat-rule-missing', severity: 'warning', hop: proxy, ...sayingOf(snapshot, path)}];
	},
};

function publishedTarget({snapshot, path}: {snapshot: Snapshot; path: Path}): boolean {
	const target = targetOf({snapshot, path});
	if (!target || path.from.kind === 'container' || target.state !== 'running') return false;
	const owner = namespaceOwner(containersOf(snapshot), target);
	const asked = path.hops[0]?.packet.dport;
	if (owner === 'host' || !owner.published.some(one => one.hostPort === asked)) return false;
	const family6 = path.hops[0]?.packet.dst.includes(':') ?? false;
	if (family6 && !translatesIpv6(snapshot)) return false;
	const addresses = endpointsOf(snapshot, target).flatMap(end => (family6 ? end.address6 : end.address) ?? []);
	const rules = allRules(snapshot)?.filter(rule => /dnat/i.test(rule));
	// A rule that is there and passed by is another matter.
	return addresses.length > 0 && rules !== undefined && !rules.some(rule => addresses.some(address => rule.includes(address)));
}

/** Engines before 27 made no IPv6 rules unless they were told to (ip6tables): docker-proxy alone carries it there. */
function translatesIpv6(snapshot: Snapshot): boolean {
	const version = Number.parseInt(engineOf(snapshot)?.version ?? '', 10);
	return version >= 27 || chainOf(snapshot, 'ip6', 'nat', 'DOCKER') !== null;
}

function isMixed(dst: string, after: string | undefined): boolean {
	return after === undefined || dst.includes(':') !== after.includes(':');
}

function sayingOf(snapshot: Snapshot, path: Path) {
	const asked = path.hops[0]?.packet.dport;
	const name = targetOf({snapshot, path})?.name;
	const family = path.hops[0]?.packet.dst.includes(':') ? 'ip6' : 'ip';
	return {
		summary: `no NAT rule leads ${asked}/${path.to.proto} to ${name}`,
		// The container's own rules are made anew with it, as long as a packet still comes to the chain that they stand in.
		remedy: name !== undefined && chainOf(snapshot, family, 'nat', 'DOCKER')?.reached ? `docker restart ${name}` : rulesAnew,
		evidence: [
			observed(
				`no rule of the nat tables matches a request for ${asked}/${path.to.proto}`,
				'iptables-save, nft',
				'iptables -t nat -nvL --line-numbers',
			),
		],
	};
}
