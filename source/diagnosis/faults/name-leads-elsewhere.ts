import {canonical} from '../../address/ip.js';
import type {Container} from '../../model/index.js';
import {ownerOf} from '../../snapshot/netns.js';
import {quote} from '../../text/quote.js';
import type {Fault} from '../fault.js';
import {askerOf, containersOf, endpointsOf, targetOf} from '../inventory.js';
import {bareName} from '../names.js';
import type {Stop} from '../stop.js';

/** The name of a container leads the one that asks to an address that this container does not have. */
export const nameLeadsElsewhere: Fault = {
	id: 'name-leads-elsewhere',
	words: {
		title: 'its name leads somewhere else',
		about:
			'The name is found, but at an address that the container of this name does not have: a line of /etc/hosts, --add-host, or a DNS server that answers for every name.',
		more: [
			'A container gets another address when it is created anew; what has noted the old one asks in vain, or somebody else.',
			'A search domain with a wildcard answers for names that were only misspelt.',
		],
		see: [['docker exec CONTAINER getent hosts NAME', 'the address that it is taken for']],
		todo: ['Take the line away, or ask by a name that only the embedded DNS knows.'],
	},
	atStop(stop) {
		const {path, snapshot} = stop;
		const asker = askerOf(stop);
		const dns = path.hops.slice(0, stop.index + 1).find(({kind, address}) => kind === 'dns' && address !== null);
		if (!asker || !dns?.address) return null;
		const meant = targetOf(stop) ?? containersOf(snapshot).find(({name}) => bareName(name) === bareName(dns.name));
		if (!meant || dns.verdict === 'blocks') return null;
		const own = endpointsOf(snapshot, meant).flatMap(({address, address6}) => [address, address6]);
		if (own.length === 0 || own.some(address => address !== null && canonical(address) === canonical(dns.address ?? ''))) return null;
		if (leadsToPublished(stop, meant, dns.address)) return null;
		const source = dns.names[0] ?? 'a DNS server';
		return {
			summary: `${asker.name} takes ${dns.name} for ${dns.address} (${source}), which is not ${meant.name}`,
			remedy: source.startsWith('/etc/hosts')
				? remedyOfHosts(asker.name, asker.extraHosts, dns.name)
				: `docker network connect NETWORK ${asker.name}  # one that ${meant.name} is on`,
		};
	},
};

/** The name stands for the host (host.docker.internal), which has the container's port published: that is how it is meant. */
function leadsToPublished({snapshot, path}: Stop, {published}: Container, address: string): boolean {
	const {dport, proto} = path.hops[0]?.packet ?? {dport: null, proto: ''};
	if (!published.some(port => port.hostPort === dport && port.proto === proto)) return false;
	return !snapshot.host.addresses.read || ownerOf(snapshot.host, address) !== null;
}

/** The engine writes the file anew when the container starts; what it was told to write stays. */
function remedyOfHosts(asker: string, extraHosts: readonly string[], name: string): string {
	const told = extraHosts.some(line => bareName(line.split(/[:=]/)[0] ?? '') === bareName(name));
	return told ? `start ${asker} without --add-host ${name}:…` : quote(['docker', 'restart', asker]);
}
