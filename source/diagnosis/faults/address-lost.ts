import {canonical} from '../../address/ip.js';
import type {Address, Container, Finding, Route, Snapshot} from '../../model/index.js';
import {interfaceSetting, valueOr} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import {observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {engineOf, runningOf, targetOf} from '../inventory.js';

/** The interface inside a container has not the address that the engine gave it, or its default route is gone. */
export const addressLost: Fault = {
	id: 'address-lost',
	words: {
		title: 'the container has lost its address or its route',
		about:
			'The engine gave the container an address and a default route on its network, but inside its namespace they are not there any more.',
		more: ['A program with the right to change the network (NET_ADMIN) did that: a VPN client, dhclient.'],
		see: [['nsenter -t PID -n ip addr', 'the address that docker inspect names']],
		todo: ['Connect it anew: `docker network disconnect NETWORK CONTAINER && docker network connect NETWORK CONTAINER`.'],
	},
	atStop(stop) {
		const target = targetOf(stop);
		const {cause, packet, address} = stop.hop;
		if (!target || !['no-neighbour', 'link-down', 'misrouted'].includes(cause ?? '')) return null;
		const meant = [packet.dst, address].flatMap(one => (one === null ? [] : canonical(one)));
		const lost = lostAddresses(stop.snapshot, target);
		return (lost.find(one => meant.includes(one.address)) ?? lost.find(({family}) => family === 4))?.saying ?? null;
	},
	onHost: snapshot =>
		runningOf(snapshot).flatMap(container => [
			// Without its IPv6 address it is still reached over IPv4.
			...lostAddresses(snapshot, container).map(({family, saying}): Finding => noticed(family === 4 ? 'error' : 'warning', saying)),
			...lostRoutes(snapshot, container).map((saying): Finding => noticed('warning', saying)),
		]),
};

function noticed(severity: Finding['severity'], saying: Saying): Finding {
	return {id: 'address-lost', severity, hop: null, evidence: [], ...saying};
}

interface Lost {
	family: 4 | 6;
	address: string;
	saying: Saying;
}

function lostAddresses(snapshot: Snapshot, container: Container): Lost[] {
	const facts = snapshot.containers[container.id]?.netns;
	if (!facts?.addresses.read) return [];
	const {value: there, source} = facts.addresses;
	const own = new Set(there.filter(isUsable).map(({address}) => canonical(address)));
	const show = `nsenter -t ${container.pid} -n ip addr`;
	return container.endpoints.flatMap(({address, address6, mac, networkName}) => {
		const link = valueOr(facts.links, []).find(one => one.mac !== null && one.mac === mac);
		return ([4, 6] as const).flatMap((family): Lost[] => {
			const given = family === 4 ? address : address6;
			// A link that is down keeps its IPv4 addresses alone: that it is down is the fault.
			if (given === null || own.has(canonical(given)) || (family === 6 && link?.up === false)) return [];
			const refused = there.find(one => canonical(one.address) === canonical(given));
			const off = family === 6 && link && interfaceSetting(facts, 6, link.name, 'disable_ipv6') === 1;
			const summary = refused
				? `${container.name} may not use ${given}, which it was given on ${networkName}: somebody else answers for it (${refused.flags.join(' ')})`
				: `${container.name} has not the address ${given} any more that it was given on ${networkName}${off ? `: IPv6 is switched off on ${link.name}` : ''}`;
			const evidence = [observed(`its addresses are ${[...own].join(', ')}`, source, show)];
			return [{family, address: canonical(given), saying: {summary, remedy: connectedAnew(networkName, container), evidence}}];
		});
	});
}

/** Duplicate address detection did not find another one that has it (RFC 4862). */
function isUsable({flags}: Address): boolean {
	return !flags.includes('dadfailed');
}

function connectedAnew(network: string, {name}: Container): string {
	return `${quote(['docker', 'network', 'disconnect', network, name])} && ${quote(['docker', 'network', 'connect', network, name])}`;
}

function lostRoutes(snapshot: Snapshot, container: Container): Saying[] {
	const {routes, links} = snapshot.containers[container.id]?.netns ?? {};
	// Its routes went with the link: that is the fault.
	if (!routes?.read || (links?.read && links.value.some(({up}) => !up))) return [];
	const leading = (engineOf(snapshot)?.networks ?? []).filter(({internal, driver}) => !internal && driver === 'bridge').map(({id}) => id);
	const ends = container.endpoints.filter(({networkId}) => leading.includes(networkId));
	return ([4, 6] as const).flatMap((family): Saying[] => {
		const gateway = ends.map(end => (family === 4 ? end.gateway : end.gateway6)).find(one => one);
		const isDefault = ({family: of, dst, type}: Route) => of === family && type === 'unicast' && /^(0\.0\.0\.0|::)\/[01]$/.test(dst);
		// Without its IPv6 address it has no route either: that is the fault.
		if (!gateway || routes.value.some(isDefault) || lostAddresses(snapshot, container).some(lost => lost.family === family)) return [];
		const [name, option] = family === 4 ? ['default route', ''] : ['IPv6 default route', '-6 '];
		return [
			{
				summary: `${container.name} has no ${name} any more: it reaches its own network alone`,
				remedy: `nsenter -t ${container.pid} -n ip ${option}route add default via ${gateway}`,
				evidence: [observed(`no ${name}`, routes.source, `nsenter -t ${container.pid} -n ip ${option}route`)],
			},
		];
	});
}
