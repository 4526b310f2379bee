import {isIP} from 'node:net';
import {canonical} from '../../address/ip.js';

/** Addresses that a hosts file gives a name, with the line that says so (from 1); hosts(5). Names compare without case. */
export function lookupHosts(text: string, name: string): {address: string; line: number}[] {
	const wanted = bare(name);
	return text.split('\n').flatMap((content, index) => {
		const [address = '', ...names] = content.replace(/#.*$/, '').trim().split(/\s+/);
		if (!isIP(address) || !names.some(one => bare(one) === wanted)) return [];
		return [{address: canonical(address), line: index + 1}];
	});
}

/** A name as it is compared: small letters, no dot at the end. */
export function bare(name: string): string {
	return name.toLowerCase().replace(/\.$/, '');
}
