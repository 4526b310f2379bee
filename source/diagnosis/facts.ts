import type {Evidence, Finding} from '../model/index.js';

/** A fact read from the engine or the kernel, with the command that shows it. */
export function observed(fact: string, source: string, command: string): Evidence {
	return {fact, source, command, certainty: 'observed'};
}

/** A finding that is about no single hop. */
export function noticed(finding: Omit<Finding, 'hop'>): Finding {
	return {...finding, hop: null};
}

/** Makes all of the engine's rules and bridges anew, at a price. */
export const engineAnew = 'systemctl restart docker  # containers without a restart policy stop';

/** The same for rules alone, which an engine may have been told not to make: nothing that it answers says so. */
export const rulesAnew = `${engineAnew}; with "iptables": false in its daemon.json it makes no rules`;
