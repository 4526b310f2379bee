import {canonical} from '../../address/ip.js';
import type {Container, Finding, NetnsFacts, Snapshot} from '../../model/index.js';
import {addressesOf} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import {observed} from '../facts.js';
import type {Fault, Saying} from '../fault.js';
import {bridgeNetworks, runningOf, targetOf} from '../inventory.js';

/** Somebody else on the host or on the same bridge has the address of a container as well. */
export const addressTaken: Fault = {
	id: 'address-taken',
	words: {
		title: 'somebody else has its address as well',
		about: 'The address that the engine gave to a container is also an address of the host, or of another container on the same bridge.',
		more: ['The host answers itself what is for its own address. Between two containers it is chance which of them is asked.'],
		see: [
			['ip addr', 'the addresses of the host'],
			['nsenter -t PID -n ip addr', 'those of a container'],
		],
		todo: ['Take the address away from the one that the engine did not give it to: `ip addr del ADDRESS/LENGTH dev LINK`.'],
	},
	atStop(stop) {
		const target = targetOf(stop);
		return target ? (taken(stop.snapshot, target)[0] ?? null) : null;
	},
	onHost: snapshot =>
		runningOf(snapshot).flatMap(container =>
			taken(snapshot, container).map((saying): Finding => ({id: 'address-taken', severity: 'error', hop: null, evidence: [], ...saying})),
		),
};

function taken(snapshot: Snapshot, container: Container): Saying[] {
	const own = new Set(
		container.endpoints.flatMap(({address, address6}) => [address, address6].flatMap(one => (one === null ? [] : canonical(one)))),
	);
	if (own.size === 0) return [];
	const neighbours = bridgeNetworks(snapshot)
		.filter(({containers}) => containers.includes(container))
		.flatMap(({containers}) => containers.filter(one => one !== container));
	const others = [...new Set(neighbours)].flatMap(({id, name, pid}) => {
		const facts = snapshot.containers[id]?.netns;
		return facts ? [{facts, name, pid}] : [];
	});
	return [{facts: snapshot.host, name: 'the host', pid: null}, ...others].flatMap(holder => held(container, own, holder));
}

function held({name}: Container, own: ReadonlySet<string>, holder: {facts: NetnsFacts; name: string; pid: number | null}): Saying[] {
	return ([4, 6] as const)
		.flatMap(family => addressesOf(holder.facts, family))
		.flatMap(({address, prefix, link}) => {
			if (!own.has(canonical(address))) return [];
			const there = holder.pid === null ? [] : ['nsenter', '-t', String(holder.pid), '-n'];
			return [
				{
					summary: `${holder.name} has ${address}, the address of ${name}, on ${link} as well`,
					remedy: quote([...there, 'ip', 'addr', 'del', `${address}/${prefix}`, 'dev', link]),
					evidence: [
						observed(`${address}/${prefix} on ${link} of ${holder.name}`, 'ip addr', quote([...there, 'ip', 'addr', 'show', link])),
					],
				},
			];
		});
}
