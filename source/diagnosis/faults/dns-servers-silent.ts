import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {askerOf} from '../inventory.js';
import {bareName} from '../names.js';

/** The servers that were asked for the name did not answer at all: they are unreachable or wrong. */
export const dnsServersSilent: Fault = {
	id: 'dns-servers-silent',
	words: {
		title: 'no DNS server answers',
		about:
			'Every server that this origin asks for names stayed silent or failed, so nothing outside is known by name. Names of containers may still work.',
		more: ['The embedded DNS hands names that it does not know to the servers that the host had when the container started.'],
		see: [['docker exec CONTAINER cat /etc/resolv.conf', 'the servers; behind 127.0.0.11 those in the comment "ExtServers"']],
		todo: ['Give servers that answer: "dns": ["ADDRESS"] in daemon.json, or docker run --dns ADDRESS.'],
	},
	atStop(stop) {
		const {hop, snapshot, path} = stop;
		if (hop.kind !== 'dns' || hop.cause !== 'name-not-found' || path.to.kind === 'container') return null;
		const asker = askerOf(stop);
		const answers = snapshot.answers.filter(({from, name}) => from === (asker?.id ?? null) && bareName(name) === bareName(hop.name));
		if (answers.length === 0 || !answers.every(({error}) => error !== null && !/^(NXDOMAIN|ENOTFOUND|NODATA|ENODATA)/i.test(error)))
			return null;
		const said = answers.map(({server, error}) => `${server}: ${error}`).join(', ');
		return {
			summary: `no server answered for ${hop.name} (${said})`,
			remedy: asker
				? 'docker run --dns ADDRESS …, or "dns": ["ADDRESS"] in /etc/docker/daemon.json'
				: 'correct the nameserver lines of /etc/resolv.conf',
			evidence: answers.map(({server, name, error}) =>
				observed(`${server} on ${name}: ${error}`, 'a query from there', `dig @${server} ${name}`),
			),
		};
	},
};
