import {containerFaults} from './containers.ts';
import type {FaultCase} from './fault.ts';
import {firewallFaults} from './firewalls.ts';
import {ipv6Faults} from './ipv6.ts';
import {linkFaults} from './links.ts';
import {nameFaults} from './names.ts';
import {socketFaults} from './sockets.ts';
import {subnetFaults} from './subnets.ts';

/** Every fault that a lab can have. */
export const allFaults: readonly FaultCase[] = [
	...containerFaults,
	...socketFaults,
	...nameFaults,
	...linkFaults,
	...subnetFaults,
	...ipv6Faults,
	...firewallFaults,
];

/** Those whose finding has that id, or in whose name the words stand. */
export function faultsLike(words: string): FaultCase[] {
	const named = allFaults.filter(({id, name}) => id === words || name === words);
	return named.length > 0 ? named : allFaults.filter(({name}) => name.toLowerCase().includes(words.toLowerCase()));
}
