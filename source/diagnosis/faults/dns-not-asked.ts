import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {askerOf} from '../inventory.js';

/** The resolver of the container is told to ask no DNS at all. */
export const dnsNotAsked: Fault = {
	id: 'dns-not-asked',
	words: {
		title: 'its resolver asks no DNS',
		about:
			'The line "hosts:" of /etc/nsswitch.conf in the container names no DNS, so only /etc/hosts is looked into, and no name of another container is found.',
		more: ['Images without that file ask both.'],
		see: [['docker exec CONTAINER cat /etc/nsswitch.conf', 'hosts: files dns']],
		todo: ['Write "hosts: files dns" into /etc/nsswitch.conf of the image.'],
	},
	atStop(stop) {
		const {hop, snapshot} = stop;
		const asker = askerOf(stop);
		const file = asker && snapshot.containers[asker.id]?.resolver.nsswitch;
		if (hop.kind !== 'dns' || hop.cause !== 'name-not-found' || !asker || !file?.read) return null;
		const line = /^\s*hosts:(.*)$/m.exec(file.value)?.[1]?.trim();
		if (line === undefined || /\b(dns|resolve)\b/.test(line)) return null;
		return {
			summary: `${asker.name} asks no DNS for ${hop.name}: its nsswitch.conf says "hosts: ${line}"`,
			remedy: `write "hosts: files dns" into /etc/nsswitch.conf of ${asker.name}`,
			evidence: [observed(`hosts: ${line}`, file.source, file.command)],
		};
	},
};
