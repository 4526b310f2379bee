import type {Hop, Path, ProbeResult, Snapshot} from '../model/index.js';
import {bridgesOf, containersOn, engineOf, ownerOf, portsOf, vethOf} from './inventory.js';
import {answerDecides} from './words/en.js';

interface Wanted {
	/** Each hop also lists the rules that were looked at. */
	rules: boolean;
	/** The way back; where it is what decides, it is there unasked. */
	reply: boolean;
}

/** The document of `flow --json` (schema dockhop.flow/1). */
export function flowDocument(path: Path, wanted: Wanted): object {
	const {rules} = wanted;
	const reply = wanted.reply || answerDecides(path) ? path.reply : null;
	return {
		schema: path.schema,
		from: path.from,
		to: path.to,
		verdict: path.verdict,
		blockedAt: path.blockedAt,
		lost: path.lost,
		seenAs: path.seenAs,
		assumptions: path.assumptions,
		hops: path.hops.map(hop => hopObject(hop, rules)),
		findings: path.findings,
		reply: reply && {...reply, hops: reply.hops.map(hop => hopObject(hop, rules))},
		alternatives: path.alternatives.map(alternative => flowDocument(alternative, wanted)),
	};
}

/** The document of `probe --json`: the flow and what a real request showed of it. */
export function probeDocument(path: Path, probe: ProbeResult): object {
	return {...flowDocument(path, {rules: false, reply: false}), probe};
}

/** schema dockhop.networks/1 */
export function networksDocument(snapshot: Snapshot): object {
	const networks = engineOf(snapshot).networks.map(network => ({
		id: network.id,
		name: network.name,
		driver: network.driver,
		scope: network.scope,
		subnets: network.subnets.map(({subnet}) => subnet),
		gateways: network.subnets.flatMap(({gateway}) => (gateway === null ? [] : [gateway])),
		bridge: network.bridge,
		containers: containersOn(snapshot, network.id).map(({name}) => name),
	}));
	return {schema: 'dockhop.networks/1', networks};
}

/** schema dockhop.containers/1. A veth is null where there is none or it could not be told (then `unknown` says why). */
export function containersDocument(snapshot: Snapshot): object {
	const {networks, containers} = engineOf(snapshot);
	return {
		schema: 'dockhop.containers/1',
		containers: containers.map(container => ({
			id: container.id,
			name: container.name,
			state: container.state,
			networkMode: container.networkMode,
			networks: container.endpoints.map(endpoint => ({
				name: endpoint.networkName,
				address: endpoint.address ?? endpoint.address6,
				address6: endpoint.address6,
				veth:
					vethOf(
						snapshot,
						container,
						networks.find(({id}) => id === endpoint.networkId),
					)?.name ?? null,
			})),
			ports: container.published,
		})),
		unknown: gaps(snapshot, ['links', 'veths']),
	};
}

/** schema dockhop.bridges/1. `interfaces`, `id` and `stp` are null where they were not read (then `unknown` says why). */
export function bridgesDocument(snapshot: Snapshot): object {
	const bridges = bridgesOf(snapshot).map(({name, network, link}) => ({
		name,
		id: link?.bridge?.id ?? null,
		stp: link?.bridge?.stp ?? null,
		network: network.name,
		interfaces:
			portsOf(snapshot, name)?.map(port => ({
				name: port.name,
				state: port.port?.state ?? null,
				container: ownerOf(snapshot, port)?.name ?? null,
			})) ?? null,
	}));
	return {schema: 'dockhop.bridges/1', bridges, unknown: gaps(snapshot, ['links', 'veths'])};
}

function hopObject(hop: Hop, rules: boolean): object {
	const {kind, where, of, connection, name, names, address, port, packet, packetAfter, verdict, cause, unknown, evidence, says} = hop;
	const stable = {kind, where, of, connection, name, names, address, port, packet, packetAfter, verdict, cause, unknown, evidence, says};
	return rules ? {...stable, steps: hop.steps} : stable;
}

/** The groups among these that could not be read, each with its reason. */
function gaps({host, veths}: Snapshot, groups: ('links' | 'veths')[]): object[] {
	const known = {links: host.links, veths};
	return groups.flatMap(name => {
		const group = known[name];
		return group.read ? [] : [{group: name, ...group.gap}];
	});
}
