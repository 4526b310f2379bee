import {quote} from '../../text/quote.js';
import {observed} from '../facts.js';
import type {Fault} from '../fault.js';
import {firewallRemedy} from '../firewall-remedy.js';
import {droppingStep, inNamespace} from '../stop.js';

/** Rules of the legacy and of the nft variant of iptables are in force at once, and the one that is not looked at drops. */
export const twoIptables: Fault = {
	id: 'two-iptables',
	words: {
		title: 'two variants of iptables are in force at once',
		about:
			'The kernel holds rules of iptables-legacy and of iptables-nft: a packet has to pass both, and `iptables -S` shows only one of them.',
		more: [
			'The engine writes into the variant that `iptables` is on its PATH; what another program has left in the other one still counts.',
		],
		see: [
			['iptables-legacy-save', 'the rules of the one'],
			['iptables-nft-save', 'the rules of the other'],
		],
		todo: ['Choose one (update-alternatives --config iptables) and empty the other.'],
	},
	atStop(stop) {
		const step = droppingStep(stop.hop);
		const {iptables, iptablesLegacy} = stop.snapshot.host.rulesets;
		if (!step || stop.hop.of !== null || step.backend !== 'iptables-legacy' || !iptables.read || !iptablesLegacy.read) return null;
		// Where the engine itself writes legacy rules, they are no surprise.
		if (/DOCKER/.test(iptablesLegacy.value) || !/^-A |^\[\d+:\d+\] -A /m.test(iptables.value)) return null;
		return {
			summary: `${step.table} ${step.chain} of iptables-legacy drops it, while the engine's rules are in iptables-nft`,
			remedy:
				step.rule === null ? inNamespace(stop, 'iptables-legacy', '-t', step.table, '-P', step.chain, 'ACCEPT') : firewallRemedy(stop),
			evidence: [observed('both variants hold rules', 'iptables-legacy-save, iptables-nft-save', quote(['iptables-legacy-save', '-c']))],
		};
	},
};
